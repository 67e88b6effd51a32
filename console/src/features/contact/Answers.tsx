// What the rules answer about a number: each purpose by each way, and why not where they say no.

import { IconCheck, IconMoonStars, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Answer, ContactCheck } from '../../api/outreach'
import { texts } from '../../texts'
import { locale } from '../../texts/language'
import { outreach } from '../../texts/outreach'
import { Facts } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Contact.module.css'

const t = outreach.contact
const PURPOSES = ['service', 'reminder', 'survey', 'commercial']

function localTime(zone: string, now: number): string {
  try {
    return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(now)
  } catch {
    return '–'
  }
}

function wayName(answer: Answer): string {
  return answer.channel === 'call' && answer.automated
    ? t.machine
    : (outreach.channels[answer.channel] ?? answer.channel)
}

function country(code: string | null): string {
  if (!code) return t.unknownCountry
  return new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code
}

export function Answers({ found }: { found: ContactCheck }) {
  const now = useMinute()
  const times = [...new Set(found.zones.map(zone => localTime(zone, now)))]
  const who = found.person
  const person = who ? (
    <Link to="/no-llamar" search={known => ({ ...known, persona: who.id })} className={classes.link}>
      {who.name ?? texts.people.visitor}
    </Link>
  ) : (
    t.nobody
  )
  return (
    <div className={classes.answers}>
      <Facts
        items={[
          [t.person, person],
          [t.number, found.number],
          [t.country, country(found.country)],
          [t.zone, times.slice(0, 3).join(' / ')],
        ]}
      />
      {found.quiet && (
        <p className={classes.quiet}>
          <IconMoonStars size={17} aria-hidden /> {t.quiet}
        </p>
      )}
      <h3 className={classes.small}>{t.matrix}</h3>
      <div className={classes.matrix}>
        {PURPOSES.map(purpose => (
          <section key={purpose} aria-label={outreach.purposes[purpose]}>
            <h4>{outreach.purposes[purpose]}</h4>
            <ul>
              {found.items
                .filter(each => each.purpose === purpose)
                .map(each => (
                  <li key={`${each.channel} ${each.automated}`} data-allowed={each.allowed}>
                    {each.allowed ? <IconCheck size={17} aria-hidden /> : <IconX size={17} aria-hidden />}
                    <span>
                      <strong>
                        {wayName(each)}: {each.allowed ? t.yes : t.no}
                      </strong>
                      {each.text && <span>{each.text}</span>}
                      {each.rule && <small title={each.source}>{t.rule(each.rule)}</small>}
                    </span>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  )
}
