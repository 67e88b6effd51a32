// One set of working hours: each day from when to when, the holidays it keeps, days of one's own.

import { Checkbox, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChangeSetup } from '../../api/queues'
import type { Hours, OpenWindow } from '../../api/schema.queues'
import { texts } from '../../texts'
import { hourMinutes, hourText, readDays } from './levels'
import { EditModal } from './parts'
import classes from './Settings.module.css'

const t = texts.queues.hours
const OFFICE: OpenWindow[] = [0, 1, 2, 3, 4].map(weekday => ({ weekday, opens: 9 * 60, closes: 18 * 60 }))

export function HoursModal({ hours, onClose }: { hours: Hours | null; onClose: () => void }) {
  const change = useChangeSetup()
  const [name, setName] = useState(hours?.name ?? '')
  const [windows, setWindows] = useState(hours?.windows ?? OFFICE)
  const [country, setCountry] = useState(hours?.country ?? '')
  const [region, setRegion] = useState(hours?.region ?? '')
  const [closures, setClosures] = useState(hours?.closures.join('\n') ?? '')
  const days = readDays(closures)
  const save = () =>
    change.mutate(
      {
        method: hours ? 'PUT' : 'POST',
        path: hours ? ['hours', hours.id] : ['hours'],
        body: {
          name,
          windows,
          country: country.trim().toUpperCase() || null,
          region: region.trim().toUpperCase() || null,
          closures: days ?? [],
        },
      },
      { onSuccess: onClose },
    )
  const put = (day: number, spans: OpenWindow[]) =>
    setWindows(known => [...known.filter(span => span.weekday !== day), ...spans])
  return (
    <EditModal
      title={hours?.name ?? t.add}
      busy={change.isPending}
      error={change.error}
      wrong={days ? null : t.closuresBad}
      onClose={onClose}
      onSave={save}
    >
      <TextInput
        label={texts.queues.settings.name}
        required
        maxLength={60}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
      />
      <div>
        {t.days.map((label, day) => (
          <Day
            key={label}
            label={label}
            day={day}
            spans={windows.filter(span => span.weekday === day)}
            onChange={spans => put(day, spans)}
          />
        ))}
      </div>
      <div className={classes.fields}>
        <TextInput
          label={t.country}
          description={t.countryHelp}
          maxLength={2}
          value={country}
          onChange={event => setCountry(event.currentTarget.value)}
        />
        <TextInput
          label={t.region}
          maxLength={10}
          value={region}
          onChange={event => setRegion(event.currentTarget.value)}
        />
        <Textarea
          className={classes.full ?? ''}
          label={t.closures}
          description={t.closuresHelp}
          autosize
          minRows={2}
          value={closures}
          onChange={event => setClosures(event.currentTarget.value)}
        />
      </div>
    </EditModal>
  )
}

type DayProps = { label: string; day: number; spans: OpenWindow[]; onChange: (spans: OpenWindow[]) => void }

/** The first stretch of the day is edited; a second one that was set elsewhere stays as it is. */
function Day({ label, day, spans, onChange }: DayProps) {
  const [first, ...others] = spans
  const change = (part: Partial<OpenWindow>) => first && onChange([{ ...first, ...part }, ...others])
  return (
    <div className={classes.day}>
      <Checkbox
        label={label}
        aria-label={t.openDay(label)}
        checked={first !== undefined}
        onChange={event =>
          onChange(event.currentTarget.checked ? [{ weekday: day, opens: 9 * 60, closes: 18 * 60 }] : [])
        }
      />
      {first ? (
        <>
          <TextInput
            type="time"
            aria-label={`${label}: ${t.opens}`}
            value={hourText(first.opens)}
            onChange={event => change({ opens: hourMinutes(event.currentTarget.value, false) })}
          />
          <TextInput
            type="time"
            aria-label={`${label}: ${t.closes}`}
            value={hourText(first.closes % (24 * 60))}
            onChange={event => change({ closes: hourMinutes(event.currentTarget.value, true) })}
          />
        </>
      ) : (
        <span className="muted">{t.closedDay}</span>
      )}
    </div>
  )
}
