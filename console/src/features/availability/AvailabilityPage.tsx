// Every room by night: who is there and what is free, how full the house is, and holding a room for somebody.

import { Notification, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconBed, IconCheck } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useGrid } from '../../api/grid'
import type { Booking } from '../../api/schema'
import type { GridStay, StayKind } from '../../api/schema.grid'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { grid as t } from '../../texts/grid'
import { LinkButton } from '../../ui/links'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import classes from './AvailabilityPage.module.css'
import { HoldModal } from './HoldModal'
import { RoomGrid } from './RoomGrid'
import { ICONS } from './RoomRow'
import { lengthOf, type Picked, type Row, shift, windowBeside, windowFor } from './rows'
import { StayCard } from './StayCard'
import { Toolbar, Warning } from './Toolbar'

const KINDS: StayKind[] = ['hold', 'pending', 'confirmed', 'pms', 'closed']

type Open = { stay: GridStay; row: Row; at: DOMRect }

export function AvailabilityPage() {
  const search: { desde?: string; ver?: number; tipo?: string } = useSearch({ strict: false })
  const navigate = useNavigate()
  const phone = useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false })
  const maySee = useMay('see_bookings')
  const mayHold = useMay('change_bookings')
  const nights = search.ver ?? (phone ? 7 : 14)
  const query = useGrid(search.desde, search.desde ? lengthOf(search.desde, nights) : nights)
  const [open, setOpen] = useState<Open | null>(null)
  const [wish, setWish] = useState<{ picked: Picked; row: Row } | null>(null)
  const [held, setHeld] = useState<Booking | null>(null)
  if (!maySee) return <NoPermission />
  const grid = query.data
  const from = search.desde ?? grid?.from ?? ''
  const type = grid?.types.some(each => each.code === search.tipo) ? (search.tipo ?? null) : null
  const show = (change: { desde?: string | undefined; ver?: number; tipo?: string | undefined }) =>
    void navigate({ to: '/disponibilidad', search: { ...search, ...change } as typeof search, replace: true })
  return (
    <div className={classes.page}>
      <Toolbar
        view={{ from, nights, type }}
        grid={grid}
        onMove={way => from && show({ desde: windowBeside(from, nights, way) })}
        onToday={() => show({ desde: nights === 31 && grid ? windowFor(grid.today, 31) : undefined })}
        onJump={date => show({ desde: nights === 31 ? windowFor(date, 31) : date })}
        onNights={ver => show({ ver, desde: ver === 31 && from ? windowFor(from, 31) : search.desde })}
        onType={tipo => show({ tipo: tipo ?? undefined })}
      />
      {grid && <Warning grid={grid} />}
      {query.isError && grid && (
        <p className={classes.warning} role="status">
          {t.stale}
        </p>
      )}
      {query.isPending ? (
        <div className={classes.loading} role="status" aria-label={texts.common.loading}>
          {Array.from({ length: 9 }, (_, index) => (
            <Skeleton key={shift('2026-01-01', index)} height={38} radius="md" />
          ))}
        </div>
      ) : !grid ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : grid.types.length === 0 ? (
        <Placeholder icon={<IconBed />}>{t.noRooms}</Placeholder>
      ) : (
        <RoomGrid
          grid={grid}
          type={type}
          dimmed={query.isPlaceholderData}
          onStay={(stay, row, at) => setOpen({ stay, row, at })}
          onPick={mayHold && !grid.read_only ? (picked, row) => setWish({ picked, row }) : undefined}
        />
      )}
      <ul className={classes.legend} aria-label={t.legend}>
        {KINDS.map(kind => {
          const Icon = ICONS[kind]
          return (
            <li key={kind}>
              <span className={classes.swatch} data-what={kind}>
                <Icon size={13} aria-hidden />
              </span>
              {t.kinds[kind]}
            </li>
          )
        })}
        <li>
          <span aria-hidden>★</span> {t.holiday}
        </li>
      </ul>
      {open && <StayCard {...open} onClose={() => setOpen(null)} />}
      {wish && grid && (
        <HoldModal
          {...wish}
          grid={grid}
          onClose={() => setWish(null)}
          onHeld={booking => {
            setWish(null)
            setHeld(booking)
          }}
        />
      )}
      {held && (
        <Notification
          className={classes.said ?? ''}
          role="status"
          color="green"
          icon={<IconCheck size={18} />}
          closeButtonProps={{ 'aria-label': texts.common.close }}
          onClose={() => setHeld(null)}
        >
          {t.hold.done(held.code, held.room.number ?? '')}{' '}
          <LinkButton to="/reservas/$code" params={{ code: held.code }} variant="subtle" size="compact-sm">
            {t.hold.see}
          </LinkButton>
        </Notification>
      )}
    </div>
  )
}
