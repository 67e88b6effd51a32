// The board of bookings: holds with their countdown, what waits to be confirmed, what is confirmed, what has ended.

import { Button, Select, Skeleton, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconBuildingSkyscraper, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useBookings } from '../../api/bookings'
import type { Booking } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { BookingCard } from '../../ui/BookingCard'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './BookingsPage.module.css'
import { ARRIVALS, type Arrival, arrives, board, COLUMNS, type Column, localDay, matches, roomTypes } from './board'

export function BookingsPage() {
  const query = useBookings()
  const [search, setSearch] = useState('')
  const [roomType, setRoomType] = useState<string | null>(null)
  const [arrival, setArrival] = useState<Arrival>('any')
  const today = localDay(useMinute())
  const all = query.data ?? []
  const found = all.filter(booking => matches(booking, search, roomType) && arrives(booking, arrival, today))
  const clear = () => {
    setSearch('')
    setRoomType(null)
    setArrival('any')
  }
  if (!useMay('see_bookings')) return <NoPermission />
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1 className={classes.title}>{texts.bookings.title}</h1>
        <div className={classes.filters}>
          <TextInput
            className={classes.search ?? ''}
            type="search"
            aria-label={texts.bookings.search}
            placeholder={texts.bookings.searchHint}
            leftSection={<IconSearch size={16} />}
            value={search}
            onChange={event => setSearch(event.currentTarget.value)}
          />
          <Select
            className={classes.rooms ?? ''}
            aria-label={texts.bookings.roomFilter}
            placeholder={texts.bookings.allRooms}
            clearable
            data={roomTypes(all)}
            value={roomType}
            onChange={setRoomType}
          />
          <Select
            className={classes.rooms ?? ''}
            aria-label={texts.bookings.arrivals.label}
            allowDeselect={false}
            data={ARRIVALS.map(value => ({ value, label: texts.bookings.arrivals[value] }))}
            value={arrival}
            onChange={value => setArrival((value as Arrival) ?? 'any')}
          />
        </div>
      </header>
      {query.isPending ? (
        <div className={classes.board} data-columns="3" aria-hidden>
          <Skeleton height={220} radius="lg" />
          <Skeleton height={220} radius="lg" />
          <Skeleton height={220} radius="lg" />
        </div>
      ) : query.isError && !query.data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : all.length === 0 ? (
        <Placeholder icon={<IconBuildingSkyscraper />} title={texts.bookings.empty}>
          {texts.bookings.emptyHint}
        </Placeholder>
      ) : found.length === 0 ? (
        <Placeholder
          icon={<IconSearch />}
          action={
            <Button variant="default" onClick={clear}>
              {texts.bookings.clear}
            </Button>
          }
        >
          {texts.bookings.noMatch}
        </Placeholder>
      ) : (
        <Columns bookings={found} />
      )}
    </div>
  )
}

function Columns({ bookings }: { bookings: Booking[] }) {
  const phone = useMediaQuery('(max-width: 61.99em)', false, { getInitialValueInEffect: false })
  const columns = board(bookings)
  const shown = COLUMNS.filter(name => (name !== 'pending' && name !== 'receipt') || columns[name].length > 0)
  const [picked, setPicked] = useState<Column | null>(null)
  const first = shown.find(name => columns[name].length > 0) ?? 'hold'
  const current = picked && shown.includes(picked) ? picked : first
  if (phone) {
    return (
      <>
        <div className={classes.tabs} role="tablist" aria-label={texts.bookings.title}>
          {shown.map(name => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === current}
              className={classes.tab}
              onClick={() => setPicked(name)}
            >
              {texts.bookings.columns[name]} <span className="tabular">{columns[name].length}</span>
            </button>
          ))}
        </div>
        <div className={classes.single}>
          <Cards name={current} bookings={columns[current]} />
        </div>
      </>
    )
  }
  return (
    <div className={classes.board} data-columns={shown.length}>
      {shown.map(name => (
        <section key={name} className={classes.column} aria-label={texts.bookings.columns[name]}>
          <h2 className={classes.columnTitle}>
            {texts.bookings.columns[name]} <span className="muted tabular">{columns[name].length}</span>
          </h2>
          <div className={classes.cards}>
            <Cards name={name} bookings={columns[name]} />
          </div>
        </section>
      ))}
    </div>
  )
}

function Cards({ name, bookings }: { name: Column; bookings: Booking[] }) {
  if (bookings.length === 0) return <p className={classes.none}>{texts.bookings.columnEmpty[name]}</p>
  return bookings.map(booking => <BookingCard key={booking.id} booking={booking} />)
}
