// The supervisor's room on the wall: few and big figures, readable from across the room, without a customer's name.

import { IconAlertTriangle, IconHeadset, IconLifebuoy, IconSparkles, IconUserExclamation } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useActiveCalls } from '../../api/calls'
import { useLiveState } from '../../api/live-context'
import { useTeam } from '../../api/presence'
import { useBoard, useEntries } from '../../api/queues'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { clock, duration } from '../../ui/format'
import { StateDot } from '../../ui/presence/StateDot'
import { NoPermission } from '../../ui/StatePages'
import { useSecond } from '../../ui/useNow'
import { useWakeLock } from '../../ui/voice/useWakeLock'
import parts from './TvParts.module.css'
import classes from './TvRoom.module.css'
import { abandonedTone, slaTone, type Tone, type Wall, waitTone, wallOf } from './tv'

const t = texts.room.tv
const CALLS_SHOWN = 6
const ICONS = { queue: IconUserExclamation, bot: IconSparkles, agent: IconHeadset }

export function TvRoom() {
  const navigate = useNavigate()
  const calls = useActiveCalls()
  const board = useBoard()
  const team = useTeam()
  const entries = useEntries()
  useWakeLock(true)
  useEffect(() => {
    // Nothing below may be scrolled to.
    document.documentElement.classList.add(classes.walled ?? '')
    return () => document.documentElement.classList.remove(classes.walled ?? '')
  }, [])
  useEffect(() => {
    // Leaving full screen with the keyboard leaves the mode too.
    const left = () => {
      if (!document.fullscreenElement) void navigate({ to: '/sala', search: {} })
    }
    document.addEventListener('fullscreenchange', left)
    return () => {
      document.removeEventListener('fullscreenchange', left)
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => null)
    }
  }, [navigate])
  if (!useMay('listen')) return <NoPermission />
  const wall = wallOf(calls.data ?? [], board.data?.all, team.data?.items ?? [], entries.data)
  return (
    <section className={classes.tv} aria-label={t.title}>
      <Head onLeave={() => void navigate({ to: '/sala', search: {} })} />
      {wall.helps.length > 0 && <Helps wall={wall} />}
      <Tiles wall={wall} />
      <div className={parts.below}>
        <States wall={wall} />
        <Calls wall={wall} />
      </div>
    </section>
  )
}

function Head({ onLeave }: { onLeave: () => void }) {
  const now = useSecond()
  const { status } = useLiveState()
  const online = status === 'online'
  return (
    <header className={classes.head}>
      <h1>{t.title}</h1>
      <span className={classes.link} data-online={online} role="status">
        {online ? <span className={classes.dot} aria-hidden /> : <IconAlertTriangle aria-hidden />}
        {online ? t.online : t.offline}
      </span>
      <button type="button" className={classes.leave} onClick={onLeave}>
        {t.leave}
      </button>
      <time className={classes.clock}>{clock(now)}</time>
    </header>
  )
}

function Helps({ wall }: { wall: Wall }) {
  const now = useSecond()
  return (
    <div role="alert" className={classes.alert}>
      <ul className={classes.helps}>
        {wall.helps.slice(0, 2).map(help => (
          <li key={help.id} className={classes.help}>
            <IconLifebuoy aria-hidden />
            <strong>{texts.room.helpTitle(help.name ?? texts.desk.someone)}</strong>
            <span className="tabular">{duration((now - help.since) / 1000)}</span>
          </li>
        ))}
        {wall.helps.length > 2 && <li className={classes.help}>{t.more(wall.helps.length - 2)}</li>}
      </ul>
    </div>
  )
}

function Tiles({ wall }: { wall: Wall }) {
  const now = useSecond()
  const waited = wall.since === null ? null : Math.max(0, (now - wall.since) / 1000)
  return (
    <dl className={classes.tiles}>
      <Tile name={t.waiting} tone={wall.waiting === 0 ? 'calm' : waitTone(waited, wall.late)}>
        {wall.waiting}
      </Tile>
      <Tile name={t.longest} tone={waitTone(waited, wall.late)}>
        {waited === null ? '–' : duration(waited)}
      </Tile>
      <Tile name={t.sla} tone={slaTone(wall.sla)}>
        <Share of={wall.sla} />
      </Tile>
      <Tile name={t.abandoned} tone={abandonedTone(wall.abandoned)}>
        <Share of={wall.abandoned} />
      </Tile>
    </dl>
  )
}

function Tile({ name, tone, children }: { name: string; tone: Tone; children: React.ReactNode }) {
  return (
    <div className={classes.tile} data-tone={tone}>
      <dd className="tabular">{children}</dd>
      <dt>{name}</dt>
    </div>
  )
}

function Share({ of }: { of: number | null }) {
  if (of === null) return '–'
  return (
    <>
      {Math.round(of)}
      <small> %</small>
    </>
  )
}

function States({ wall }: { wall: Wall }) {
  return (
    <section className={parts.panel} aria-label={t.agents}>
      <h2>{t.agents}</h2>
      <ul className={parts.states}>
        {wall.states.map(({ state, count }) => (
          <li key={state} data-none={count === 0}>
            <span className={parts.sign}>
              <StateDot state={state} size={64} />
            </span>
            <span className={parts.name}>{texts.presence.states[state]}</span>
            <strong className="tabular">{count}</strong>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Calls({ wall }: { wall: Wall }) {
  const now = useSecond()
  const left = wall.calls.length - CALLS_SHOWN
  const shown = left > 0 ? wall.calls.slice(0, CALLS_SHOWN - 1) : wall.calls
  return (
    <section className={parts.panel} aria-label={t.calls}>
      <h2>
        {t.calls} <span className="tabular">{wall.calls.length}</span>
      </h2>
      {wall.calls.length === 0 && <p className={parts.none}>{texts.room.none}</p>}
      {wall.calls.length > 0 && (
        <ul className={parts.calls}>
          {shown.map(call => {
            const Icon = ICONS[call.holder]
            return (
              <li key={call.id} data-holder={call.holder}>
                <Icon aria-hidden />
                <span className={parts.name}>{call.agent ?? t.holders[call.holder]}</span>
                <span className="tabular">{duration((now - call.since) / 1000)}</span>
              </li>
            )
          })}
          {left > 0 && <li className={parts.more}>{t.more(wall.calls.length - shown.length)}</li>}
        </ul>
      )}
    </section>
  )
}
