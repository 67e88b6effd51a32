// How conversations of a queue may end, and what each of these ends asks for.

import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useChangeSetup } from '../../api/queues'
import type { DeskSetup, Queue, ResultCode } from '../../api/schema.queues'
import { texts } from '../../texts'
import { explain } from '../../ui/StatePages'
import { Chips } from './parts'
import classes from './Settings.module.css'

const t = texts.queues.results
const s = texts.queues.settings
const GOODS = Object.entries(t.goods).map(([value, label]) => ({ value, label }))
type Row = ResultCode & { key: number }

export function ResultsTab({ setup, mayChange }: { setup: DeskSetup; mayChange: boolean }) {
  const [picked, setPicked] = useState<string | null>(null)
  const queue = setup.queues.find(each => each.id === picked) ?? setup.queues[0]
  if (!queue)
    return (
      <div className={classes.panel}>
        <p className={classes.empty}>
          <strong>{texts.queues.form.none}</strong> {texts.queues.board.noneHint}
        </p>
      </div>
    )
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <Select
          label={t.pick}
          data={setup.queues.map(each => ({ value: each.id, label: each.name }))}
          value={queue.id}
          allowDeselect={false}
          onChange={setPicked}
        />
        <Chips items={[queue.result_required ? t.required : t.optional]} tone={queue.result_required ? 'ok' : 'off'} />
      </div>
      <p className="muted">{t.help}</p>
      <Editor key={`${queue.id} ${JSON.stringify(queue.results)}`} queue={queue} mayChange={mayChange} />
    </div>
  )
}

function Editor({ queue, mayChange }: { queue: Queue; mayChange: boolean }) {
  const change = useChangeSetup()
  const [rows, setRows] = useState<Row[]>(() => queue.results.map((result, key) => ({ ...result, key })))
  const set = (key: number, part: Partial<ResultCode>) =>
    setRows(known => known.map(row => (row.key === key ? { ...row, ...part } : row)))
  const add = () =>
    setRows(known => [
      ...known,
      {
        key: 1 + Math.max(-1, ...known.map(row => row.key)),
        code: '',
        name: '',
        needs_note: false,
        callback: false,
        do_not_call: false,
        good: null,
      },
    ])
  const save = () =>
    change.mutate({
      method: 'PUT',
      path: ['queues', queue.id, 'results'],
      body: { items: rows.map(({ key: _, ...result }) => result) },
    })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        save()
      }}
    >
      {rows.length === 0 && <p className={classes.empty}>{t.none}</p>}
      {rows.length > 0 && (
        <ul className={classes.list}>
          {rows.map(row => (
            <li key={row.key} className={classes.result}>
              <TextInput
                label={t.code}
                required
                maxLength={30}
                disabled={!mayChange}
                value={row.code}
                onChange={event => set(row.key, { code: event.currentTarget.value.toLowerCase() })}
              />
              <TextInput
                label={t.name}
                required
                maxLength={60}
                disabled={!mayChange}
                value={row.name}
                onChange={event => set(row.key, { name: event.currentTarget.value })}
              />
              <Select
                label={t.good}
                data={GOODS}
                disabled={!mayChange}
                allowDeselect={false}
                value={row.good === null ? 'none' : row.good ? 'yes' : 'no'}
                onChange={value => set(row.key, { good: value === 'none' ? null : value === 'yes' })}
              />
              {mayChange && (
                <Button
                  variant="default"
                  px={12}
                  aria-label={`${s.remove}: ${row.name}`}
                  onClick={() => setRows(known => known.filter(other => other.key !== row.key))}
                >
                  <IconTrash size={17} aria-hidden />
                </Button>
              )}
              <div className={classes.checks}>
                <Mark
                  label={t.needsNote}
                  on={row.needs_note}
                  off={!mayChange}
                  onChange={on => set(row.key, { needs_note: on })}
                />
                <Mark
                  label={t.callback}
                  on={row.callback}
                  off={!mayChange}
                  onChange={on => set(row.key, { callback: on })}
                />
                <Mark
                  label={t.doNotCall}
                  on={row.do_not_call}
                  off={!mayChange}
                  onChange={on => set(row.key, { do_not_call: on })}
                />
              </div>
            </li>
          ))}
        </ul>
      )}
      {mayChange && (
        <div className={classes.head} style={{ marginTop: 12 }}>
          <Button variant="default" leftSection={<IconPlus size={17} />} onClick={add}>
            {t.add}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {texts.common.save}
          </Button>
        </div>
      )}
      {change.error && (
        <p role="alert" className={classes.empty}>
          {explain(change.error)}
        </p>
      )}
      {change.isSuccess && <p role="status">{s.saved}</p>}
    </form>
  )
}

function Mark(props: { label: string; on: boolean; off: boolean; onChange: (on: boolean) => void }) {
  return (
    <Checkbox
      label={props.label}
      checked={props.on}
      disabled={props.off}
      onChange={event => props.onChange(event.currentTarget.checked)}
    />
  )
}
