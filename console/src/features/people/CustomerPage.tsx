// All there is of one customer: how to reach them, what was said, booked and agreed, and who else they may be.

import { ActionIcon, Button } from '@mantine/core'
import { IconArrowLeft, IconUsersGroup } from '@tabler/icons-react'
import { useCanGoBack, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { useCustomer, type Whole } from '../../api/people'
import type { Customer } from '../../api/schema.people'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { BookingCard } from '../../ui/BookingCard'
import { initials } from '../../ui/format'
import { LoadingPage } from '../../ui/LoadingPage'
import { Facts, Section } from '../../ui/Section'
import { Failure, NoPermission } from '../../ui/StatePages'
import { Appointments } from './Appointments'
import { Conversations } from './Conversations'
import classes from './CustomerPage.module.css'
import { customerName, otherNames, reachable, visits } from './customer'
import lines from './Lines.module.css'
import { MergeModal } from './MergeModal'
import { Merges } from './Merges'
import { PickModal } from './PickModal'
import { Suggestions } from './Suggestions'

const t = texts.people

export function CustomerPage() {
  const { id = '' } = useParams({ strict: false })
  const navigate = useNavigate()
  const query = useCustomer(id)
  const answered = query.data?.person.id
  useEffect(() => {
    if (answered && answered !== id) void navigate({ to: '/clientes/$id', params: { id: answered }, replace: true })
  }, [answered, id, navigate])
  if (!useMay('see_conversations')) return <NoPermission />
  if (query.data) return <Open key={answered} whole={query.data} />
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />
  return <LoadingPage />
}

function Open({ whole }: { whole: Whole }) {
  const { person } = whole
  const [said, setSaid] = useState<string | null>(null)
  const [other, setOther] = useState<Customer | null>(null)
  const [picking, setPicking] = useState(false)
  const seesBookings = useMay('see_bookings')
  const mayAnswer = useMay('answer')
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Back />
        <span className={classes.avatar} aria-hidden>
          {initials(person.name) || '·'}
        </span>
        <h1 className={`${classes.name} clip`}>{customerName(person)}</h1>
        {mayAnswer && (
          <Button
            variant="default"
            className={classes.verb ?? ''}
            leftSection={<IconUsersGroup size={17} />}
            onClick={() => setPicking(true)}
          >
            {t.byHand}
          </Button>
        )}
      </header>
      <div className={classes.scroll}>
        <p className={classes.said} role="status" data-empty={said === null}>
          {said}
        </p>
        <div className={classes.columns}>
          <div className={classes.column}>
            <Suggestions whole={whole} may={mayAnswer} onSame={setOther} onDone={setSaid} />
            <Conversations conversations={whole.conversations} />
            {seesBookings && (
              <Section title={t.bookings}>
                {whole.bookings.length === 0 ? (
                  <p className={lines.none}>{t.noBookings}</p>
                ) : (
                  <div className={classes.bookings}>
                    {whole.bookings.map(booking => (
                      <BookingCard key={booking.id} booking={booking} compact />
                    ))}
                  </div>
                )}
              </Section>
            )}
          </div>
          <div className={classes.column}>
            <div className={classes.first}>
              <Section title={t.contact}>
                <Contact person={person} />
              </Section>
            </div>
            {seesBookings && <Appointments personId={person.id} />}
            <Merges whole={whole} may={mayAnswer} onDone={setSaid} />
          </div>
        </div>
      </div>
      <PickModal
        opened={picking}
        person={person}
        onClose={() => setPicking(false)}
        onPick={chosen => {
          setPicking(false)
          setOther(chosen)
        }}
      />
      <MergeModal person={person} other={other} onClose={() => setOther(null)} onDone={setSaid} />
    </div>
  )
}

function Contact({ person }: { person: Customer }) {
  const count = visits(person)
  const facts: [string, ReactNode][] = [
    ...reachable(person).map((each): [string, ReactNode] => [
      texts.panel.identities[each.kind] ?? each.kind,
      each.value,
    ]),
    ...otherNames(person),
  ]
  if (count > 0) facts.push([t.visits, t.visitCount(count)])
  if (facts.length === 0) return <p className={lines.none}>{t.noContact}</p>
  return <Facts items={facts} />
}

/** Where they came from; the search, for whoever came by the address. */
function Back() {
  const router = useRouter()
  const canGoBack = useCanGoBack()
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={44}
      aria-label={texts.common.back}
      onClick={() => (canGoBack ? router.history.back() : void router.navigate({ to: '/clientes' }))}
    >
      <IconArrowLeft size={22} />
    </ActionIcon>
  )
}
