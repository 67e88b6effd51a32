import { IconClock } from '@tabler/icons-react'
import { es } from '../texts/es'
import classes from './Countdown.module.css'
import { timeLeft } from './countdown'
import { useSecond } from './useNow'

export function Countdown({ until }: { until: string }) {
  const left = timeLeft(until, useSecond())
  return (
    <span className={classes.countdown} data-urgent={left.urgent} role="timer">
      <IconClock size={14} stroke={2} aria-hidden />
      {left.over ? es.bookings.expiredNow : es.bookings.expiresIn(left.text)}
    </span>
  )
}
