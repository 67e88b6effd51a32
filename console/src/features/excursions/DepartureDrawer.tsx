// One departure: what it is, who goes, and one more or one less.

import { Alert, Button, Drawer, Group, NumberInput, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Departure, Excursion, Guest, Places } from '../../api/schema.trade'
import { useMay } from '../../api/session'
import { useBookPlaces, useCancelPlaces, usePlaces } from '../../api/trade'
import { texts } from '../../texts'
import { trade } from '../../texts/trade'
import { calendarDay, capital, money } from '../../ui/format'
import { GuestFields, isReached, NOBODY } from '../../ui/GuestFields'
import { LinkButton } from '../../ui/links'
import { newWish } from '../../ui/newWish'
import { Facts, PartFailure } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './ExcursionsPage.module.css'

const t = trade.excursions

type Props = { departure: Departure; excursion: Excursion; onClose: () => void }

export function DepartureDrawer({ departure, excursion, onClose }: Props) {
  const query = usePlaces(departure.day)
  const now = useMinute()
  const mayChange = useMay('change_bookings') && Date.parse(departure.start) > now
  const going = (query.data ?? []).filter(each => each.excursion.code === excursion.code && each.status === 'booked')
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={440}
      title={excursion.name}
      closeButtonProps={{ 'aria-label': texts.common.close }}
    >
      <Stack gap="lg">
        <div>
          <Text fw={600}>
            {capital(calendarDay(departure.day))}, {excursion.hour}
          </Text>
          <Text size="sm" c="var(--muted)">
            {t.left(departure.left)} · {t.of(departure.capacity - departure.left, departure.capacity)}
          </Text>
        </div>
        <Facts
          items={[
            [t.meeting, excursion.meeting],
            [t.lasts, trade.minutes(excursion.minutes)],
            [t.price, t.prices(money(excursion.adult), money(excursion.child))],
          ]}
        />
        <section aria-label={t.who}>
          <h3 className={classes.sub}>{t.who}</h3>
          {query.isPending ? (
            <Skeleton height={56} radius="md" />
          ) : query.isError && !query.data ? (
            <PartFailure error={query.error} retry={() => void query.refetch()} />
          ) : going.length === 0 ? (
            <Text size="sm" c="var(--muted)">
              {t.nobody}
            </Text>
          ) : (
            <ul className={classes.people}>
              {going.map(each => (
                <Traveller key={each.code} places={each} mayChange={mayChange} />
              ))}
            </ul>
          )}
        </section>
        {mayChange && departure.left > 0 && <Add key={going.length} departure={departure} />}
        {mayChange && departure.left === 0 && (
          <Text size="sm" c="var(--muted)">
            {t.full}
          </Text>
        )}
      </Stack>
    </Drawer>
  )
}

function Traveller({ places, mayChange }: { places: Places; mayChange: boolean }) {
  const cancel = useCancelPlaces()
  const seesPeople = useMay('see_conversations')
  const [sure, setSure] = useState(false)
  const name = places.name ?? places.code
  return (
    <li className={classes.person}>
      <div className={classes.personWords}>
        <strong>{name}</strong>
        <span className="muted">
          {t.people(places.adults, places.children)} · {money(places.price)}
        </span>
        <span className="muted tabular">{[places.phone, places.code].filter(Boolean).join(' · ')}</span>
      </div>
      {sure && <Text size="sm">{t.sure(name)}</Text>}
      {cancel.error && (
        <Alert color="red" variant="light" role="alert">
          {explain(cancel.error)}
        </Alert>
      )}
      <Group gap={6}>
        {!sure && seesPeople && (
          <LinkButton to="/clientes/$id" params={{ id: places.person_id }} variant="default" size="xs">
            {trade.customer}
          </LinkButton>
        )}
        {sure && (
          <Button size="xs" variant="default" onClick={() => setSure(false)}>
            {t.keep}
          </Button>
        )}
        {mayChange && (
          <Button
            size="xs"
            color="red"
            variant={sure ? 'filled' : 'light'}
            loading={cancel.isPending}
            onClick={() => (sure ? cancel.mutate(places.code) : setSure(true))}
          >
            {t.cancel}
          </Button>
        )}
      </Group>
    </li>
  )
}

function Add({ departure }: { departure: Departure }) {
  const book = useBookPlaces()
  const [wish] = useState(newWish)
  const [guest, setGuest] = useState<Guest>(NOBODY)
  const [adults, setAdults] = useState(Math.min(2, departure.left))
  const [children, setChildren] = useState(0)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { excursion, day } = departure
    book.mutate({ excursion, day, adults, children, guest, client_id: `${wish}:${adults}:${children}` })
  }
  return (
    <form onSubmit={submit} aria-label={t.add}>
      <h3 className={classes.sub}>{t.add}</h3>
      <Stack gap="sm">
        <GuestFields guest={guest} onChange={setGuest} />
        <SimpleGrid cols={2} spacing="sm">
          <NumberInput
            label={t.adults}
            min={1}
            max={departure.left}
            allowDecimal={false}
            value={adults}
            onChange={value => setAdults(Number(value) || 1)}
          />
          <NumberInput
            label={t.children}
            min={0}
            max={Math.max(0, departure.left - adults)}
            allowDecimal={false}
            value={children}
            onChange={value => setChildren(Number(value) || 0)}
          />
        </SimpleGrid>
        {book.error && (
          <Alert color="red" variant="light" role="alert">
            {explain(book.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={book.isPending} disabled={!isReached(guest)}>
            {t.book}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
