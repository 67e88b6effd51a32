import { IconClock } from '@tabler/icons-react'
import { texts } from '../texts'
import classes from './Countdown.module.css'
import { timeLeft } from './countdown'
import { useSecond } from './useNow'

export function Countdown({ until }: { until: string }) {
  const left = timeLeft(until, useSecond())
  return (
    <span className={classes.countdown} data-urgent={left.urgent} role="timer">
      <IconClock size={14} stroke={2} aria-hidden />
      {left.over ? texts.bookings.expiredNow : texts.bookings.expiresIn(left.text)}
    </span>
  )
}
