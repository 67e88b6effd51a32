// The team: what everybody does and for how long, who shows no sign of life; a state can be changed, with a reason.

import { ActionIcon, Menu, Skeleton } from '@mantine/core'
import { IconAlertTriangle, IconClockHour4, IconDots, IconHeadset, IconSwitchHorizontal } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useDesk } from '../../api/desk'
import { useTeam } from '../../api/presence'
import { age, byWork, STATES, secondsSince, type TeamMember } from '../../api/presenceState'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { toldPause } from '../../texts/told'
import { duration } from '../../ui/format'
import { StateDot } from '../../ui/presence/StateDot'
import { Failure } from '../../ui/StatePages'
import { useSecond } from '../../ui/useNow'
import { ChangeState } from './ChangeState'
import classes from './Team.module.css'

const t = texts.presence.team

export function Team() {
  const team = useTeam()
  const voices = useDesk().data?.people ?? []
  const [changing, setChanging] = useState<TeamMember | null>(null)
  const members = byWork(team.data?.items ?? [])
  const heard = (id: string) => voices.some(person => person.id === id && person.voice)
  return (
    <section className={classes.team} aria-label={texts.room.agents}>
      <h2 className={classes.label}>{texts.room.agents}</h2>
      {team.isPending ? (
        <Skeleton height={150} radius="md" />
      ) : team.isError && !team.data ? (
        <Failure error={team.error} retry={() => void team.refetch()} />
      ) : members.length === 0 ? (
        <p className={classes.none}>{t.nobody}</p>
      ) : (
        <>
          <Counts members={members} />
          {team.data?.in_use === false && <p className={classes.none}>{texts.presence.notInUse}</p>}
          <table className={classes.table}>
            <thead className="visually-hidden">
              <tr>
                <th scope="col">{`${t.person}, ${t.state}`}</th>
                <th scope="col">{t.time}</th>
                <th scope="col">{t.change}</th>
              </tr>
            </thead>
            <tbody>
              {members.map(member => (
                <Member key={member.id} member={member} voice={heard(member.id)} onChange={() => setChanging(member)} />
              ))}
            </tbody>
          </table>
        </>
      )}
      {changing && (
        <ChangeState member={changing} reasons={team.data?.reasons ?? []} onClose={() => setChanging(null)} />
      )}
    </section>
  )
}

function Counts({ members }: { members: TeamMember[] }) {
  const shown = STATES.filter(state => state !== 'offline' && members.some(member => member.state === state))
  return (
    <ul className={classes.counts} aria-label={t.counts}>
      {shown.map(state => (
        <li key={state}>
          <StateDot state={state} size={14} />
          <strong>{members.filter(member => member.state === state).length}</strong> {texts.presence.states[state]}
        </li>
      ))}
    </ul>
  )
}

type MemberProps = { member: TeamMember; voice: boolean; onChange: () => void }

function Member({ member, voice, onChange }: MemberProps) {
  return (
    <tr className={classes.person}>
      <th scope="row" className={classes.name}>
        <span className={classes.line}>
          <span className="clip">{member.name}</span>
          {voice && <IconHeadset size={14} role="img" aria-label={texts.room.voice} />}
        </span>
        <span className={classes.state} data-state={member.state}>
          <StateDot state={member.state} size={14} />
          {texts.presence.states[member.state]}
          {member.reason_name && (
            <span className={classes.reason}>· {toldPause(member.reason, member.reason_name)}</span>
          )}
        </span>
        {member.asked_at && (
          <small className={classes.asked}>
            <IconAlertTriangle size={13} aria-hidden /> {t.asked}
          </small>
        )}
      </th>
      <td className={`${classes.time} tabular`}>
        <Time member={member} />
      </td>
      <td className={classes.act}>
        <Acts member={member} onChange={onChange} />
      </td>
    </tr>
  )
}

function Time({ member }: { member: TeamMember }) {
  const now = useSecond()
  if (member.state === 'offline' || member.since === null) return null
  const seconds = secondsSince(member.since, now)
  const old = age(member.state, seconds)
  return (
    <span className={classes.age} data-age={old} title={old === 'calm' ? undefined : t[old]}>
      {old !== 'calm' && <span className="visually-hidden">{t[old]} </span>}
      {duration(seconds)}
    </span>
  )
}

function Acts({ member, onChange }: { member: TeamMember; onChange: () => void }) {
  const navigate = useNavigate()
  const mayChange = useMay('change_team')
  return (
    <Menu position="bottom-end" shadow="md" radius="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={`${texts.common.more}: ${member.name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayChange && (
          <Menu.Item leftSection={<IconSwitchHorizontal size={16} />} onClick={onChange}>
            {t.change}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconClockHour4 size={16} />}
          onClick={() => void navigate({ to: '/mi', search: { persona: member.id } })}
        >
          {t.day}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
