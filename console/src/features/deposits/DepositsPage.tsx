// Deposits to confirm: who waits at the side, the receipt beside the deposit, and two clicks to settle it.

import { SegmentedControl, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconCoins, IconMoodSmile } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type DepositState, type Rejecting, rejectOnLeaving, useDecideDeposit, useDeposits } from '../../api/deposits'
import type { DepositCase } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import pane from '../../ui/ListPane.module.css'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { Unavailable } from '../../ui/Unavailable'
import { useDelayed } from '../../ui/useDelayed'
import { useShortcuts } from '../../ui/useShortcuts'
import { inTurn, latestFirst, step } from './cases'
import { DepositRow } from './DepositRow'
import classes from './DepositsPage.module.css'
import { OpenDeposit } from './OpenDeposit'
import { UndoBar } from './UndoBar'

const t = texts.deposits
const NONE: Record<DepositState, string> = { received: t.none, refund_due: t.noneRefund, all: t.noneAll }

export function DepositsPage() {
  return useMay('confirm_deposits') ? <Deposits /> : <NoPermission />
}

function Deposits() {
  const { reserva } = useSearch({ strict: false })
  const navigate = useNavigate()
  const phone = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const [tab, setTab] = useState<DepositState>('received')
  const received = useDeposits('received')
  const elsewhere = reserva !== undefined && received.isSuccess && !received.data.some(is(reserva))
  const all = useDeposits('all', tab === 'all' || elsewhere)
  const [done, setDone] = useState<{ item: DepositCase; words: string } | null>(null)
  const decide = useDecideDeposit()
  const rejection = useDelayed<Rejecting & { guest: string }>(({ guest: _guest, ...wish }, leaving) =>
    leaving ? rejectOnLeaving(wish) : decide.mutate(wish),
  )
  const refunds = useDeposits('refund_due')
  const query = { received, refund_due: refunds, all }[tab]
  const going = rejection.pending?.wish.code ?? (decide.isPending ? decide.variables.code : undefined)
  const items = (tab === 'received' ? inTurn(received.data ?? []) : latestFirst(query.data ?? [])).filter(
    item => item.booking.code !== going,
  )
  // What was just settled stays in sight until one moves on, though it has left the list.
  const settled = done && (reserva === undefined || reserva === done.item.booking.code) ? done : null
  const wanted = settled?.item.booking.code ?? reserva ?? (phone ? undefined : items[0]?.booking.code)
  const found = wanted === undefined ? undefined : [...items, ...(all.data ?? [])].find(is(wanted))
  const open = settled?.item ?? found
  const show = (code: string | undefined) => {
    setDone(null)
    void navigate({ to: '/senas', search: code === undefined ? {} : { reserva: code }, replace: !phone })
  }
  const go = (by: 1 | -1) => {
    const next = step(items, wanted, by)
    if (next) show(next)
  }
  useShortcuts({ next: () => go(1), previous: () => go(-1) })

  return (
    <div className={`${pane.page} ${classes.width}`} data-open={reserva !== undefined || settled !== null}>
      <div className={pane.list}>
        <header className={pane.head}>
          <h1 className={pane.title}>{t.title}</h1>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={t.listLabel}
            value={tab}
            onChange={value => {
              setTab(value as DepositState)
              show(undefined)
            }}
            data={[
              { value: 'received', label: `${t.tabs.received} ${received.data?.length || ''}`.trim() },
              { value: 'refund_due', label: `${t.tabs.refund_due} ${refunds.data?.length || ''}`.trim() },
              { value: 'all', label: t.tabs.all },
            ]}
          />
        </header>
        <div className={pane.scroll}>
          {query.isPending ? (
            <Skeletons />
          ) : query.isError && !query.data ? (
            <Unavailable error={query.error}>
              <Failure error={query.error} retry={() => void query.refetch()} />
            </Unavailable>
          ) : items.length === 0 ? (
            <Placeholder icon={<IconMoodSmile />} title={NONE[tab]}>
              {tab === 'refund_due' ? t.noneRefundHint : t.noneHint}
            </Placeholder>
          ) : (
            <ul className={classes.items} aria-label={t.listLabel}>
              {items.map(item => (
                <DepositRow
                  key={item.booking.id}
                  item={item}
                  selected={item.booking.code === wanted}
                  onOpen={() => show(item.booking.code)}
                />
              ))}
            </ul>
          )}
        </div>
        <UndoBar
          pending={rejection.pending}
          error={decide.error}
          onUndo={() => {
            const wish = rejection.undo()
            if (wish) show(wish.code)
          }}
        />
      </div>
      <div className={classes.open}>
        {open ? (
          <OpenDeposit
            key={open.booking.code}
            item={open}
            onBack={() => show(undefined)}
            done={settled?.words ?? null}
            onDone={words => setDone({ item: open, words })}
            onNext={step(items, open.booking.code, 1) ? () => go(1) : undefined}
            onReject={reason => {
              const { code, guest_name } = open.booking
              const next = step(items, code, 1) ?? step(items, code, -1)
              rejection.want({ verb: 'reject', code, reason, guest: guest_name ?? texts.bookings.theGuest })
              show(phone ? undefined : next)
            }}
          />
        ) : (
          <Placeholder icon={<IconCoins />} title={items.length > 0 ? t.pick : t.allDone} />
        )}
      </div>
    </div>
  )
}

function is(code: string) {
  return (item: DepositCase) => item.booking.code === code
}

function Skeletons() {
  return (
    <div className={pane.skeletons} role="status" aria-label={texts.common.loading}>
      {[0, 1, 2, 3].map(n => (
        <Skeleton key={n} height={72} radius="md" />
      ))}
    </div>
  )
}
