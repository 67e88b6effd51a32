// One queue: what it takes, who serves it, how work is given out, what is promised, what is said while it is closed.

import { MultiSelect, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChangeSetup } from '../../api/queues'
import type { DeskSetup, Queue, QueueWish } from '../../api/schema.queues'
import { texts } from '../../texts'
import { readCodes, readSkills, skillsText } from './levels'
import { Capacity, EditModal } from './parts'
import classes from './Settings.module.css'

const t = texts.queues.form
const s = texts.queues.settings
const NEW: QueueWish = {
  name: '',
  active: true,
  channels: [],
  languages: [],
  reasons: [],
  skills: {},
  priority: 0,
  mode: 'offer',
  offer_seconds: 30,
  capacity: {},
  hours_id: null,
  wrap_up_seconds: 60,
  first_reply_seconds: 300,
  next_reply_seconds: 600,
  resolution_seconds: null,
  closed_answer: null,
  closed_callback: true,
  result_required: false,
  teams: [],
}

export function QueueModal({ setup, queue, onClose }: { setup: DeskSetup; queue: Queue | null; onClose: () => void }) {
  const change = useChangeSetup()
  const [wish, setWish] = useState<QueueWish>(() => wishOf(queue))
  const [skills, setSkills] = useState(skillsText(wish.skills))
  const [languages, setLanguages] = useState(wish.languages.join(', '))
  const read = readSkills(skills)
  const set = (part: Partial<QueueWish>) => setWish(known => ({ ...known, ...part }))
  const save = () =>
    change.mutate(
      {
        method: queue ? 'PUT' : 'POST',
        path: queue ? ['queues', queue.id] : ['queues'],
        body: { ...wish, skills: read ?? {}, languages: readCodes(languages) },
      },
      { onSuccess: onClose },
    )
  return (
    <EditModal
      title={queue?.name ?? t.add}
      size="xl"
      busy={change.isPending}
      error={change.error}
      wrong={read ? null : texts.queues.teams.skillsBad}
      onClose={onClose}
      onSave={save}
    >
      <TextInput
        label={s.name}
        required
        maxLength={60}
        value={wish.name}
        onChange={event => set({ name: event.currentTarget.value })}
        data-autofocus
      />
      <Group title={t.what}>
        <MultiSelect
          label={t.channels}
          description={t.channelsHelp}
          data={setup.channels.map(value => ({ value, label: s.channels[value] ?? value }))}
          value={wish.channels}
          onChange={channels => set({ channels })}
        />
        <MultiSelect
          label={t.reasons}
          description={t.reasonsHelp}
          data={setup.reasons.map(reason => ({ value: reason.code, label: reason.name }))}
          value={wish.reasons}
          onChange={reasons => set({ reasons })}
        />
      </Group>
      <Group title={t.who}>
        <MultiSelect
          label={t.teams}
          description={t.teamsHelp}
          data={setup.teams.map(team => ({ value: team.id, label: team.name }))}
          value={wish.teams}
          onChange={teams => set({ teams })}
        />
        <Text label={t.languages} help={texts.queues.teams.languagesHelp} value={languages} onChange={setLanguages} />
        <Textarea
          className={classes.full ?? ''}
          label={t.skills}
          description={texts.queues.teams.skillsHelp}
          autosize
          minRows={1}
          value={skills}
          onChange={event => setSkills(event.currentTarget.value)}
        />
      </Group>
      <Group title={t.how}>
        <Select
          label={t.mode}
          data={Object.entries(t.modes).map(([value, label]) => ({ value, label }))}
          value={wish.mode}
          allowDeselect={false}
          onChange={mode => set({ mode: mode === 'assign' ? 'assign' : 'offer' })}
        />
        <Count label={t.offerSeconds} value={wish.offer_seconds} onChange={n => set({ offer_seconds: n ?? 30 })} />
        <Count
          label={t.priority}
          help={t.priorityHelp}
          max={10}
          value={wish.priority}
          onChange={n => set({ priority: n ?? 0 })}
        />
        <Count label={t.wrapUp} value={wish.wrap_up_seconds} onChange={n => set({ wrap_up_seconds: n ?? 0 })} />
      </Group>
      <fieldset className={classes.group}>
        <legend>{t.capacity}</legend>
        <Capacity channels={setup.channels} value={wish.capacity} onChange={capacity => set({ capacity })} />
      </fieldset>
      <Group title={t.promise}>
        <Minutes
          label={t.first}
          value={wish.first_reply_seconds}
          onChange={seconds => set({ first_reply_seconds: seconds })}
        />
        <Minutes
          label={t.next}
          value={wish.next_reply_seconds}
          onChange={seconds => set({ next_reply_seconds: seconds })}
        />
        <Minutes
          label={t.resolution}
          value={wish.resolution_seconds}
          onChange={seconds => set({ resolution_seconds: seconds })}
        />
        <Select
          label={t.hours}
          placeholder={t.always}
          clearable
          data={setup.hours.map(hours => ({ value: hours.id, label: hours.name }))}
          value={wish.hours_id}
          onChange={hours_id => set({ hours_id })}
        />
        <Textarea
          className={classes.full ?? ''}
          label={t.closedAnswer}
          description={t.closedAnswerHelp}
          maxLength={500}
          autosize
          minRows={2}
          value={wish.closed_answer ?? ''}
          onChange={event => set({ closed_answer: event.currentTarget.value || null })}
        />
        <Turn
          label={t.closedCallback}
          on={wish.closed_callback}
          onChange={closed_callback => set({ closed_callback })}
        />
        <Turn label={t.required} on={wish.result_required} onChange={result_required => set({ result_required })} />
        <Turn label={t.active} on={wish.active} onChange={active => set({ active })} />
      </Group>
    </EditModal>
  )
}

function wishOf(queue: Queue | null): QueueWish {
  if (!queue) return NEW
  const { id: _id, open: _open, results: _results, ...wish } = queue
  return wish
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <fieldset className={classes.group}>
      <legend>{title}</legend>
      <div className={classes.fields}>{children}</div>
    </fieldset>
  )
}

type TextProps = { label: string; help: string; value: string; onChange: (text: string) => void }

function Text({ label, help, value, onChange }: TextProps) {
  return (
    <TextInput label={label} description={help} value={value} onChange={event => onChange(event.currentTarget.value)} />
  )
}

type CountProps = {
  label: string
  help?: string
  max?: number
  value: number | ''
  onChange: (value: number | null) => void
}

function Count({ label, help, max, value, onChange }: CountProps) {
  return (
    <NumberInput
      label={label}
      description={help}
      min={0}
      max={max ?? 3_600}
      value={value}
      onChange={next => onChange(next === '' ? null : Number(next))}
    />
  )
}

type MinutesProps = { label: string; value: number | null; onChange: (seconds: number | null) => void }

function Minutes({ label, value, onChange }: MinutesProps) {
  return (
    <Count
      label={label}
      value={value === null ? '' : value / 60}
      onChange={next => onChange(next === null ? null : Math.round(next * 60))}
    />
  )
}

function Turn({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return <Switch label={label} checked={on} onChange={event => onChange(event.currentTarget.checked)} />
}
