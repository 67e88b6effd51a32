// The queues: what each takes, who serves it, what it promises.

import { Button } from '@mantine/core'
import { IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { DeskSetup, Queue } from '../../api/schema.queues'
import { texts } from '../../texts'
import { span } from '../../ui/queues/sla'
import { Chips } from './parts'
import { QueueModal } from './QueueModal'
import classes from './Settings.module.css'

const t = texts.queues.form
const s = texts.queues.settings

export function QueuesTab({ setup, mayChange }: { setup: DeskSetup; mayChange: boolean }) {
  const [open, setOpen] = useState<{ queue: Queue | null } | null>(null)
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <h2>{s.tabs.colas}</h2>
        {mayChange && (
          <Button leftSection={<IconPlus size={17} />} onClick={() => setOpen({ queue: null })}>
            {t.add}
          </Button>
        )}
      </div>
      {setup.queues.length === 0 ? (
        <p className={classes.empty}>
          <strong>{t.none}</strong> {t.noneHint}
        </p>
      ) : (
        <ul className={classes.list}>
          {setup.queues.map(queue => (
            <li key={queue.id} className={classes.row}>
              <div className={classes.what}>
                <strong>{queue.name}</strong>
                <p>{describe(queue, setup)}</p>
                <div className={classes.chips}>
                  <Chips
                    items={[!queue.active ? t.off : queue.open ? t.open : t.closed]}
                    tone={queue.active && queue.open ? 'ok' : 'off'}
                  />
                  <Chips items={queue.channels.map(name => s.channels[name] ?? name)} />
                  <Chips items={queue.languages} />
                  <Chips items={queue.reasons.map(code => reasonName(setup, code))} />
                  <Chips items={Object.entries(queue.skills).map(([name, level]) => `${name} ${level}`)} />
                </div>
              </div>
              {mayChange && (
                <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setOpen({ queue })}>
                  {s.edit}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {open && <QueueModal setup={setup} queue={open.queue} onClose={() => setOpen(null)} />}
    </div>
  )
}

function reasonName(setup: DeskSetup, code: string): string {
  return setup.reasons.find(reason => reason.code === code)?.name ?? code
}

function describe(queue: Queue, setup: DeskSetup): string {
  const teams = setup.teams.filter(team => queue.teams.includes(team.id)).map(team => team.name)
  const hours = setup.hours.find(each => each.id === queue.hours_id)
  const promised = [
    [texts.queues.clocks.first, queue.first_reply_seconds],
    [texts.queues.clocks.next, queue.next_reply_seconds],
    [texts.queues.clocks.resolution, queue.resolution_seconds],
  ] as const
  return [
    t.summary(queue.mode, queue.offer_seconds),
    teams.join(', '),
    hours?.name ?? t.always,
    ...promised.filter(([, seconds]) => seconds).map(([name, seconds]) => `${name} ${span(seconds ?? 0)}`),
    queue.result_required ? texts.queues.results.required : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
