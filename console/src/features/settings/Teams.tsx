// Teams with who is in them, and what each agent speaks, can do and takes at once.

import { Button, MultiSelect, TextInput } from '@mantine/core'
import { IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useChangeSetup } from '../../api/queues'
import type { AgentProfile, DeskSetup, Team } from '../../api/schema.queues'
import { texts } from '../../texts'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { explain } from '../../ui/StatePages'
import { AgentModal } from './AgentModal'
import { Chips, EditModal, LineActions } from './parts'
import classes from './Settings.module.css'

const t = texts.queues.teams
const s = texts.queues.settings
type Props = { setup: DeskSetup; mayChange: boolean }
type Open = { what: 'team'; team: Team | null } | { what: 'drop'; team: Team } | { what: 'agent'; agent: AgentProfile }

export function TeamsTab({ setup, mayChange }: Props) {
  const [open, setOpen] = useState<Open | null>(null)
  const change = useChangeSetup()
  const close = () => {
    setOpen(null)
    change.reset()
  }
  const names = new Map(setup.agents.map(agent => [agent.id, agent.name]))
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <h2>{s.tabs.equipos}</h2>
        {mayChange && (
          <Button leftSection={<IconPlus size={17} />} onClick={() => setOpen({ what: 'team', team: null })}>
            {t.add}
          </Button>
        )}
      </div>
      {setup.teams.length === 0 ? (
        <p className={classes.empty}>
          <strong>{t.none}</strong> {t.noneHint}
        </p>
      ) : (
        <ul className={classes.list}>
          {setup.teams.map(team => (
            <li key={team.id} className={classes.row}>
              <div className={classes.what}>
                <strong>{team.name}</strong>
                <div className={classes.chips}>
                  <Chips
                    items={team.members.map(
                      member => `${names.get(member.id) ?? member.id}${member.lead ? ` · ${t.lead}` : ''}`,
                    )}
                  />
                </div>
              </div>
              {mayChange && (
                <LineActions
                  name={team.name}
                  onEdit={() => setOpen({ what: 'team', team })}
                  onDrop={() => setOpen({ what: 'drop', team })}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <div className={classes.head}>
        <div>
          <h2>{t.agents}</h2>
          <p>{t.agentsHelp}</p>
        </div>
      </div>
      <ul className={classes.list}>
        {setup.agents.map(agent => (
          <li key={agent.id} className={classes.row}>
            <div className={classes.what}>
              <strong>{agent.name}</strong>
              <div className={classes.chips}>
                <Chips items={agent.languages} tone="ok" />
                <Chips items={Object.entries(agent.skills).map(([name, level]) => `${name} ${level}`)} />
                <Chips items={setup.channels.map(name => `${s.channels[name] ?? name} ${agent.capacity[name] ?? 0}`)} />
              </div>
            </div>
            {mayChange && (
              <Button
                variant="default"
                leftSection={<IconPencil size={16} />}
                onClick={() => setOpen({ what: 'agent', agent })}
              >
                {s.edit}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {open?.what === 'team' && <TeamModal setup={setup} team={open.team} onClose={close} />}
      {open?.what === 'agent' && <AgentModal setup={setup} agent={open.agent} onClose={close} />}
      <ConfirmModal
        opened={open?.what === 'drop'}
        title={t.removeTitle}
        help={t.removeHelp}
        confirm={s.remove}
        busy={change.isPending}
        error={change.error ? explain(change.error) : null}
        onClose={close}
        onConfirm={() => {
          if (open?.what === 'drop')
            change.mutate({ method: 'DELETE', path: ['teams', open.team.id] }, { onSuccess: close })
        }}
      />
    </div>
  )
}

function TeamModal({ setup, team, onClose }: { setup: DeskSetup; team: Team | null; onClose: () => void }) {
  const change = useChangeSetup()
  const [name, setName] = useState(team?.name ?? '')
  const [members, setMembers] = useState(team?.members.map(member => member.id) ?? [])
  const [leads, setLeads] = useState(team?.members.filter(member => member.lead).map(member => member.id) ?? [])
  const people = setup.agents.map(agent => ({ value: agent.id, label: agent.name }))
  const save = () =>
    change.mutate(
      {
        method: team ? 'PUT' : 'POST',
        path: team ? ['teams', team.id] : ['teams'],
        body: { name, members: members.map(id => ({ id, lead: leads.includes(id) })) },
      },
      { onSuccess: onClose },
    )
  return (
    <EditModal
      title={team ? team.name : t.add}
      busy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSave={save}
    >
      <TextInput
        label={s.name}
        required
        maxLength={60}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
      />
      <MultiSelect label={t.members} data={people} value={members} onChange={setMembers} searchable />
      <MultiSelect
        label={t.leads}
        data={people.filter(person => members.includes(person.value))}
        value={leads.filter(id => members.includes(id))}
        onChange={setLeads}
      />
    </EditModal>
  )
}
