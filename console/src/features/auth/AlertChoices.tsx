// How the user wants to hear of what needs a person, where and at what hours.

import { Button, Checkbox, Paper, Skeleton, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type AlertChoice, useAlertChoice, useSaveAlertChoice, type Way } from '../../api/alertChoice'
import { texts } from '../../texts'
import { explain } from '../../ui/StatePages'
import classes from './MePage.module.css'

const t = texts.me.alerts
const WAYS: Way[] = ['console', 'push', 'email', 'whatsapp']

export function AlertChoices() {
  const query = useAlertChoice()
  return (
    <Paper withBorder radius="lg" p="lg" className={classes.card}>
      <Text size="sm" fw={600} mb={8}>
        {t.title}
      </Text>
      {query.data ? (
        <Form key={JSON.stringify(query.data)} given={query.data} />
      ) : query.isError ? (
        <Text size="sm">{explain(query.error)}</Text>
      ) : (
        <Skeleton height={80} />
      )}
    </Paper>
  )
}

function Form({ given }: { given: AlertChoice }) {
  const [ways, setWays] = useState<string[]>(given.ways)
  const [number, setNumber] = useState(given.number ?? '')
  const [kinds, setKinds] = useState<string[] | null>(given.kinds)
  const [quiet, setQuiet] = useState(given.quiet)
  const [wake, setWake] = useState(given.wake_for_urgent)
  const save = useSaveAlertChoice()
  const every = given.all_kinds.map(each => each.kind)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        save.mutate({ ways: ways as Way[], kinds, number: number.trim() || null, quiet, wake_for_urgent: wake })
      }}
    >
      <Stack gap="sm">
        <Checkbox.Group value={ways} onChange={setWays} label={t.ways}>
          <Stack gap={8} mt={6}>
            {WAYS.map(way => (
              <Checkbox
                key={way}
                value={way}
                disabled={!given.available[way]}
                label={given.available[way] ? t.way[way] : `${t.way[way]} (${t.off})`}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {ways.includes('whatsapp') && (
          <TextInput
            label={t.number}
            type="tel"
            value={number}
            maxLength={30}
            required
            onChange={event => setNumber(event.currentTarget.value)}
          />
        )}
        <Switch
          label={t.everything}
          checked={kinds === null}
          onChange={event => setKinds(event.currentTarget.checked ? null : every)}
        />
        {kinds !== null && (
          <Checkbox.Group value={kinds} onChange={setKinds} aria-label={t.kinds}>
            <Stack gap={6}>
              {given.all_kinds.map(each => (
                <Checkbox key={each.kind} value={each.kind} label={each.name} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Switch
          label={t.quiet}
          checked={quiet !== null}
          onChange={event => setQuiet(event.currentTarget.checked ? { from: '22:00', until: '08:00' } : null)}
        />
        {quiet && (
          <div className={classes.row}>
            <TextInput
              type="time"
              label={t.from}
              value={quiet.from}
              onChange={event => setQuiet({ ...quiet, from: event.currentTarget.value })}
            />
            <TextInput
              type="time"
              label={t.until}
              value={quiet.until}
              onChange={event => setQuiet({ ...quiet, until: event.currentTarget.value })}
            />
          </div>
        )}
        {quiet && <Switch label={t.wake} checked={wake} onChange={event => setWake(event.currentTarget.checked)} />}
        <Button type="submit" loading={save.isPending} variant="default">
          {texts.common.save}
        </Button>
        <Text size="sm" role="status">
          {save.isSuccess ? t.saved : save.error ? explain(save.error) : ''}
        </Text>
      </Stack>
    </form>
  )
}
