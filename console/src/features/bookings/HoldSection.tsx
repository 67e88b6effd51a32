// How the room is kept: the hold with its count, or in words what became of it.

import type { Booking } from '../../api/schema'
import { es } from '../../texts/es'
import { HoldButtons } from '../../ui/BookingCard'
import { Countdown } from '../../ui/Countdown'
import { Section } from '../../ui/Section'
import classes from './Parts.module.css'

const t = es.booking

export function HoldSection({ booking }: { booking: Booking }) {
  if (booking.status !== 'hold' || !booking.hold_expires_at) {
    const words = (booking.needs && t.needs[booking.needs]) || t.states[booking.status]
    if (!words) return null
    return (
      <p className={classes.state} data-status={booking.status}>
        {words}
      </p>
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
