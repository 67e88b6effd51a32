// Rows of the period as a file, and files that come by e-mail on time.

import { Button, Divider, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTaking } from '../../api/exports'
import { type Every, type Format, type Kind, type Period, type Plan, usePlanning, usePlans } from '../../api/reports'
import { texts } from '../../texts'
import { calendarDay, clock, dayAhead } from '../../ui/format'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './PanelPage.module.css'
import { TakingLine } from './TakingLine'

const t = texts.figures.exports
const options = (words: Record<string, string>) => Object.entries(words).map(([value, label]) => ({ value, label }))

export function ExportModal({ period, onClose }: { period: Period; onClose: () => void }) {
  const [kind, setKind] = useState<Kind>('conversations')
  const [format, setFormat] = useState<Format>('xlsx')
  const taking = useTaking()
  return (
    <Modal opened onClose={onClose} title={t.title} closeButtonProps={{ 'aria-label': texts.common.close }}>
      <Stack>
        <Text size="sm" c="var(--muted)">
          {calendarDay(period.since)} – {calendarDay(period.until)}. {t.help}
        </Text>
        <Select
          label={t.kind}
          data={options(t.kinds)}
          value={kind}
          allowDeselect={false}
          onChange={value => value && setKind(value as Kind)}
        />
        <SegmentedControl
          aria-label={t.format}
          data={options(t.formats)}
          value={format}
          onChange={value => setFormat(value as Format)}
        />
        <Button loading={taking.state === 'taking'} onClick={() => void taking.take(kind, format, period)}>
          {t.take}
        </Button>
        <TakingLine taking={taking} />
        <Divider />
        <Plans kind={kind} format={format} />
      </Stack>
    </Modal>
  )
}

function Plans({ kind, format }: { kind: Kind; format: Format }) {
  const [every, setEvery] = useState<Every>('week')
  const [to, setTo] = useState('')
  const plans = usePlans(true)
  const planning = usePlanning()
  const addresses = to
    .split(/[\s,;]+/)
    .map(each => each.trim())
    .filter(Boolean)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        planning.mutate({ kind, format, every, to: addresses }, { onSuccess: () => setTo('') })
      }}
    >
      <Stack gap="sm">
        <Text size="sm" fw={600}>
          {t.planTitle}
        </Text>
        <Select
          label={t.every}
          data={options(t.everys)}
          value={every}
          allowDeselect={false}
          onChange={value => value && setEvery(value as Every)}
        />
        <TextInput
          label={t.to}
          inputMode="email"
          value={to}
          error={planning.error ? explain(planning.error) : null}
          onChange={event => setTo(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={addresses.length === 0} loading={planning.isPending}>
          {t.plan}
        </Button>
        {plans.data?.length === 0 && (
          <Text size="sm" c="var(--muted)">
            {t.none}
          </Text>
        )}
        <ul className={classes.items}>
          {plans.data?.map(plan => (
            <PlanLine key={plan.id} plan={plan} onDrop={() => planning.mutate({ drop: plan.id })} />
          ))}
        </ul>
      </Stack>
    </form>
  )
}

function PlanLine({ plan, onDrop }: { plan: Plan; onDrop: () => void }) {
  const now = useMinute()
  return (
    <li className={classes.item}>
      <Group justify="space-between" wrap="nowrap">
        <div className={classes.words}>
          <Text size="sm">
            {t.kinds[plan.kind]} · {t.formats[plan.format]} · {t.everys[plan.every]}
          </Text>
          <Text size="xs" c="var(--muted)">
            {plan.to.join(', ')} · {t.next(`${dayAhead(plan.next_at, now).toLowerCase()} ${clock(plan.next_at)}`)}
          </Text>
        </div>
        <Button size="compact-sm" variant="default" onClick={onDrop} aria-label={t.dropLabel(t.kinds[plan.kind])}>
          {t.drop}
        </Button>
      </Group>
    </li>
  )
}
