// One opinion: the score, the words, whose stay it was, and where to answer.

import { Button } from '@mantine/core'
import { IconCheck, IconMessage, IconStar, IconStarFilled } from '@tabler/icons-react'
import type { Opinion } from '../../api/outreach'
import { outreach } from '../../texts/outreach'
import { calendarDay, clock, dayName } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { useMinute } from '../../ui/useNow'
import classes from './Opinions.module.css'

const t = outreach.opinions
const HIGHEST = [1, 2, 3, 4, 5]

type Props = { given: Opinion; low: boolean; onDone?: () => void; busy?: boolean }

export function OpinionCard({ given, low, onDone, busy = false }: Props) {
  const now = useMinute()
  const guest = given.guest_name ?? t.noGuest
  return (
    <li className={classes.card} data-low={low}>
      <div className={classes.stars} role="img" aria-label={t.score(given.score)}>
        {HIGHEST.map(n =>
          n <= given.score ? (
            <IconStarFilled key={n} size={17} aria-hidden />
          ) : (
            <IconStar key={n} size={17} aria-hidden />
          ),
        )}
        <span className={classes.given} aria-hidden>
          {given.score}
        </span>
      </div>
      <div className={classes.words}>
        <p className={given.text ? classes.said : classes.soft}>{given.text ?? t.noText}</p>
        <span className={classes.soft}>
          <strong>{guest}</strong>
          {given.check_in && given.check_out
            ? ` · ${t.stay(calendarDay(given.check_in), calendarDay(given.check_out))}`
            : ''}{' '}
          · {dayName(given.at, now)} {clock(given.at)} {t.via[given.via] ?? ''}
        </span>
      </div>
      <div className={classes.verbs}>
        {given.conversation_id && (
          <LinkButton
            to="/c/$id"
            params={{ id: given.conversation_id }}
            size="xs"
            variant={onDone ? 'filled' : 'default'}
            leftSection={<IconMessage size={15} />}
            aria-label={`${t.answer}: ${guest}`}
          >
            {t.answer}
          </LinkButton>
        )}
        {given.code && (
          <LinkButton
            to="/reservas/$code"
            params={{ code: given.code }}
            size="xs"
            variant="subtle"
            aria-label={`${t.booking} ${given.code}`}
          >
            {given.code}
          </LinkButton>
        )}
        {onDone && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCheck size={15} />}
            loading={busy}
            aria-label={`${t.done}: ${guest}`}
            onClick={onDone}
          >
            {t.done}
          </Button>
        )}
      </div>
    </li>
  )
}
