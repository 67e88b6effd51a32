// What one does, always in sight: colour, word and running time; the next state during a call, the time after one.

import { Button, Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconClipboardList, IconClipboardText } from '@tabler/icons-react'
import { useState } from 'react'
import { useDeclare, useFollow, usePending, useShift } from '../../api/presence'
import { type Declared, isQueued, type Shift, secondsSince } from '../../api/presenceState'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { toldPause } from '../../texts/told'
import { useShortcutNames, withShortcut } from '../commands/keymap'
import { duration } from '../format'
import { later } from '../later'
import { LinkButton } from '../links'
import { explain } from '../StatePages'
import { useSecond } from '../useNow'
import { useShortcuts } from '../useShortcuts'
import classes from './ShiftBar.module.css'
import { StateDot } from './StateDot'

const t = texts.presence
const StillThere = later(() => import('./StillThere').then(module => module.StillThere))
const WrapUpDrawer = later(() => import('./WrapUpDrawer').then(module => module.WrapUpDrawer))

export function ShiftBar() {
  const may = useMay('keep_shift')
  const query = useShift()
  if (!may) return null
  if (query.data) return <Bar shift={query.data} />
  return (
    <section className={classes.bar} aria-label={t.mine} aria-busy={query.isPending}>
      {query.isError && (
        <>
          <span role="alert">{t.failed}</span>
          <Button size="compact-xs" variant="default" onClick={() => void query.refetch()}>
            {texts.common.retry}
          </Button>
        </>
      )}
    </section>
  )
}

function Bar({ shift }: { shift: Shift }) {
  const ended = usePending().data ?? []
  const [closed, setClosed] = useState<string | null>(null)
  const [asked, setAsked] = useState<string | null>(null)
  const wrapping = shift.state === 'wrap_up' ? shift.conversation_id : null
  const pending = ended.filter(item => item.conversation_id !== wrapping)
  const typing = asked ?? (wrapping !== null && wrapping !== closed ? wrapping : null)
  const close = () => {
    setClosed(wrapping)
    setAsked(null)
  }
  return (
    <section className={classes.bar} aria-label={t.mine}>
      <Selector shift={shift} />
      {wrapping && !typing && (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconClipboardText size={16} />}
          aria-label={t.wrap.open}
          className={classes.pending ?? ''}
          onClick={() => setClosed(null)}
        >
          <span className={classes.long}>{t.wrap.open}</span>
          <span className={classes.short}>{t.wrap.title}</span>
        </Button>
      )}
      {pending[0] && !typing && (
        <Button
          size="compact-sm"
          variant="subtle"
          c="var(--note-fg)"
          className={classes.pending ?? ''}
          leftSection={<IconClipboardList size={16} />}
          title={t.wrap.untypedHelp}
          aria-label={t.wrap.untypedCount(pending.length)}
          onClick={() => setAsked(pending[0]?.conversation_id ?? null)}
        >
          <span className={classes.long}>{t.wrap.untypedCount(pending.length)}</span>
          <span className={classes.short}>{pending.length}</span>
        </Button>
      )}
      <LinkButton to="/mi" size="compact-sm" variant="subtle" color="gray" className={classes.day ?? ''}>
        {t.day.title}
      </LinkButton>
      {typing && <WrapUpDrawer key={typing} conversation={typing} shift={shift} onClose={close} />}
      {shift.asked_at && <StillThere />}
    </section>
  )
}

function Selector({ shift }: { shift: Shift }) {
  const key = useShortcutNames()
  const [opened, setOpened] = useState(false)
  const declare = useDeclare()
  const follow = useFollow()
  const queued = isQueued(shift.state)
  const error = declare.error ?? follow.error
  useShortcuts({ state: () => setOpened(true) })
  const choose = (state: Declared, reason?: string) => {
    if (queued) follow.mutate({ state, reason })
    else declare.mutate({ state, reason, version: shift.version })
  }
  const current = (state: Declared, reason?: string) => {
    const at = queued ? shift.next : shift
    return at?.state === state && (reason === undefined || at.reason === reason)
  }
  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="bottom-start" width={250} shadow="md" radius="md">
        <Menu.Target>
          <UnstyledButton
            className={classes.target}
            data-state={shift.state}
            aria-keyshortcuts={key('state')}
            title={withShortcut(t.choose, key('state'))}
          >
            <StateDot state={shift.state} />
            <span className={`${classes.word} clip`}>
              {t.states[shift.state]}
              {shift.reason_name && (
                <span className={classes.reason}> · {toldPause(shift.reason, shift.reason_name)}</span>
              )}
            </span>
            <Running shift={shift} />
            <IconChevronDown size={16} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{queued ? t.nextTitle : t.mine}</Menu.Label>
          {queued && shift.next?.chosen && (
            <Menu.Item onClick={() => follow.mutate({ state: null })}>{t.likeBefore}</Menu.Item>
          )}
          <Choice state="available" current={current('available')} onPick={choose} />
          <Choice state="training" current={current('training')} onPick={choose} />
          <Choice state="offline" current={current('offline')} onPick={choose} />
          <Menu.Divider />
          <Menu.Label>{t.reasonFor}</Menu.Label>
          {shift.reasons.map(reason => (
            <Menu.Item
              key={reason.code}
              leftSection={<StateDot state="pause" />}
              aria-current={current('pause', reason.code) || undefined}
              data-current={current('pause', reason.code) || undefined}
              className={classes.choice ?? ''}
              onClick={() => choose('pause', reason.code)}
            >
              {reason.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <span className={error ? classes.trouble : `${classes.next} clip`} role={error ? 'alert' : 'status'}>
        {error
          ? explain(error)
          : shift.next?.chosen
            ? t.follows(toldPause(shift.next.reason, shift.next.reason_name) ?? t.states[shift.next.state])
            : shift.in_use
              ? ''
              : t.notInUse}
      </span>
    </>
  )
}

type ChoiceProps = { state: Declared; current: boolean; onPick: (state: Declared) => void }

function Choice({ state, current, onPick }: ChoiceProps) {
  return (
    <Menu.Item
      leftSection={<StateDot state={state} />}
      aria-current={current || undefined}
      data-current={current || undefined}
      className={classes.choice ?? ''}
      onClick={() => onPick(state)}
    >
      {t.states[state]}
    </Menu.Item>
  )
}

function Running({ shift }: { shift: Shift }) {
  const now = useSecond()
  if (shift.since === null || shift.state === 'offline') return null
  return (
    <span className="tabular" role="timer" aria-live="off">
      {duration(secondsSince(shift.since, now))}
    </span>
  )
}
