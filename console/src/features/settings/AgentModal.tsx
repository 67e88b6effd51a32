// What one agent speaks, can do and takes at once.

import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChangeSetup } from '../../api/queues'
import type { AgentProfile, DeskSetup } from '../../api/schema.queues'
import { texts } from '../../texts'
import { readCodes, readSkills, skillsText } from './levels'
import { Capacity, EditModal } from './parts'
import classes from './Settings.module.css'

const t = texts.queues.teams

export function AgentModal({ setup, agent, onClose }: { setup: DeskSetup; agent: AgentProfile; onClose: () => void }) {
  const change = useChangeSetup()
  const [languages, setLanguages] = useState(agent.languages.join(', '))
  const [skills, setSkills] = useState(skillsText(agent.skills))
  const [capacity, setCapacity] = useState(agent.capacity)
  const read = readSkills(skills)
  const save = () =>
    change.mutate(
      {
        method: 'PUT',
        path: ['agents', agent.id],
        body: { languages: readCodes(languages), skills: read ?? {}, capacity },
      },
      { onSuccess: onClose },
    )
  return (
    <EditModal
      title={agent.name}
      busy={change.isPending}
      error={change.error}
      wrong={read ? null : t.skillsBad}
      onClose={onClose}
      onSave={save}
    >
      <TextInput
        label={t.languages}
        description={t.languagesHelp}
        value={languages}
        onChange={event => setLanguages(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label={t.skills}
        description={t.skillsHelp}
        autosize
        minRows={2}
        value={skills}
        onChange={event => setSkills(event.currentTarget.value)}
      />
      <fieldset className={classes.group}>
        <legend>{t.capacity}</legend>
        <Capacity channels={setup.channels} value={capacity} onChange={setCapacity} />
      </fieldset>
    </EditModal>
  )
}
