// How the room is kept: the hold with its count, or in words what became of it.

import { Button } from '@mantine/core'
import { useRetryBooking } from '../../api/booking'
import type { Booking } from '../../api/schema'
import { texts } from '../../texts'
import { HoldButtons } from '../../ui/BookingCard'
import { Countdown } from '../../ui/Countdown'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import classes from './Parts.module.css'

const t = texts.booking

export function HoldSection({ booking, retry }: { booking: Booking; retry: boolean }) {
  if (booking.status !== 'hold' || !booking.hold_expires_at) {
    const words = (booking.needs && t.needs[booking.needs]) || t.states[booking.status]
    if (!words) return null
    return (
      <div className={classes.state} data-status={booking.status}>
        {words}
        {retry && <Retry booking={booking} />}
      </div>
    )
  }
  return (
    <Section title={t.hold} aside={<Countdown until={booking.hold_expires_at} />}>
      <p className={classes.soft}>
        {t.holdHelp} {t.extensionsLeft(booking.hold_extensions_left)}
      </p>
      <HoldButtons booking={booking} />
    </Section>
  )
}

function Retry({ booking }: { booking: Booking }) {
  const retry = useRetryBooking(booking.code)
  return (
    <>
      <Button size="sm" mt="sm" display="block" loading={retry.isPending} onClick={() => retry.mutate()}>
        {t.retry}
      </Button>
      {retry.error && (
        <p className={classes.bad} role="alert">
          {explain(retry.error)}
        </p>
      )}
    </>
  )
}
