// The team: who is in a call and for how long, who is ready, who has no sound.

import { Skeleton } from '@mantine/core'
import { IconHeadset, IconPhone, IconVolumeOff } from '@tabler/icons-react'
import { callOf } from '../../api/callState'
import { useDesk } from '../../api/desk'
import type { Call, DeskPerson } from '../../api/schema'
import { es } from '../../texts/es'
import { callStart } from '../../ui/calls/words'
import { initials } from '../../ui/format'
import { Failure } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { byState, personState } from './rooms'
import classes from './Team.module.css'

const ICONS = { call: IconPhone, ready: IconHeadset, silent: IconVolumeOff }

export function Team({ calls }: { calls: Call[] }) {
  const desk = useDesk()
  const people = byState(desk.data?.people ?? [], calls)
  return (
    <section className={classes.team} aria-label={es.room.agents}>
      <h2 className={classes.label}>{es.room.agents}</h2>
      {desk.isPending ? (
        <Skeleton height={150} radius="md" />
      ) : desk.isError && !desk.data ? (
        <Failure error={desk.error} retry={() => void desk.refetch()} />
      ) : people.length === 0 ? (
        <p className={classes.none}>{es.room.nobody}</p>
      ) : (
        <ul className={classes.people}>
          {people.map(person => (
            <Member key={person.id} person={person} calls={calls} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Member({ person, calls }: { person: DeskPerson; calls: Call[] }) {
  const now = useMinute()
  const state = personState(person, calls)
  const call = callOf(calls, person.id)
  const Icon = ICONS[state]
  const minutes = call ? Math.floor((now - callStart(call)) / 60_000) : null
  return (
    <li className={classes.person}>
      <span className={classes.avatar} aria-hidden>
        {initials(person.name)}
      </span>
      <span className={classes.about}>
        <span className={classes.line}>
          <span className="clip">{person.name ?? es.desk.someone}</span>
          <small>{es.roles[person.role]}</small>
        </span>
        <span className={classes.state} data-state={state}>
          <Icon size={14} stroke={2} aria-hidden />
          {es.room.states[state]}
          {minutes !== null ? ` · ${es.room.minutes(minutes)}` : ''}
        </span>
      </span>
    </li>
  )
}
