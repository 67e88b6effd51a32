// What each use costs the house, from a day on; nothing that was said before is lost.

import { Button, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Price, usePrices, usePricing } from '../../api/reports'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { board } from '../../texts/board'
import { calendarDay } from '../../ui/format'
import { explain, Failure } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { periodOf, priceOf, priceShown } from './figures'
import classes from './PanelPage.module.css'

const t = board.prices

export function Prices({ onClose }: { onClose: () => void }) {
  const query = usePrices(true)
  const mayChange = useMay('manage_desk')
  return (
    <Modal opened onClose={onClose} title={t.title} size="lg" closeButtonProps={{ 'aria-label': texts.common.close }}>
      <Stack>
        <Text size="sm" c="var(--muted)">
          {mayChange ? t.help : t.read}
        </Text>
        {query.isError && !query.data ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : !query.data ? (
          <Skeleton height={200} />
        ) : (
          <ul className={classes.items}>
            {query.data.items.map(price => (
              <PriceLine key={price.key} price={price} currency={query.data.currency} mayChange={mayChange} />
            ))}
          </ul>
        )}
      </Stack>
    </Modal>
  )
}

function PriceLine({ price, currency, mayChange }: { price: Price; currency: string; mayChange: boolean }) {
  const today = periodOf('today', useMinute()).since
  const [typed, setTyped] = useState('')
  const [since, setSince] = useState(today)
  const pricing = usePricing()
  const amount = priceOf(typed)
  const set = (value: number | null) =>
    pricing.mutate({ key: price.key, amount: value, since }, { onSuccess: () => setTyped('') })
  return (
    <li className={classes.item}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} size="sm">
          {price.name}
        </Text>
        <Text size="sm" className="tabular">
          {price.amount === null ? t.unset : `${priceShown(price.amount)} ${t.per(price.unit, currency)}`}
        </Text>
      </Group>
      {mayChange && (
        <form
          className={classes.pricing}
          onSubmit={event => {
            event.preventDefault()
            if (amount !== null) set(amount)
          }}
        >
          <TextInput
            label={t.per(price.unit, currency)}
            inputMode="decimal"
            value={typed}
            error={typed !== '' && amount === null ? t.bad : pricing.error ? explain(pricing.error) : null}
            onChange={event => setTyped(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t.since}
            value={since}
            required
            onChange={event => event.currentTarget.value && setSince(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={amount === null} loading={pricing.isPending}>
            {t.save}
          </Button>
          {price.amount !== null && (
            <Button variant="subtle" onClick={() => set(null)}>
              {t.clear}
            </Button>
          )}
        </form>
      )}
      {price.history.length > 0 && (
        <details>
          <summary>{t.history}</summary>
          {price.history.map(each => (
            <Text key={each.at} size="xs" c="var(--muted)">
              {t.said(each.amount === null ? t.unset : priceShown(each.amount), calendarDay(each.since), each.by)}
            </Text>
          ))}
        </details>
      )}
    </li>
  )
}
