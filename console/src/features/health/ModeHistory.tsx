// How the house worked of late: every change of mode, who or what made it, and why.

import type { State } from '../../api/office'
import { texts } from '../../texts'
import { health as t } from '../../texts/health'
import { capital, clock, dayName } from '../../ui/format'
import { Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import classes from './Health.module.css'

export function ModeHistory({ items }: { items: State['history'] }) {
  const now = useMinute()
  return (
    <Section title={t.history}>
      {items.length === 0 && <p className={classes.soft}>{t.historyNone}</p>}
      <ol className={classes.history}>
        {items.map(each => {
          const down = Object.keys(each.down).map(name => texts.house.parts[name] ?? capital(name))
          return (
            <li key={each.at} data-mode={each.mode}>
              <time dateTime={each.at}>
                {dayName(each.at, now)} {clock(each.at)}
              </time>
              <span>
                <strong>{texts.house.mode[each.mode]}</strong>, {each.selling ? t.selling : t.notSelling} ·{' '}
                {each.by?.name ? texts.house.mode.by(each.by.name) : t.byItself}
                {each.reason ? `: ${each.reason}` : ''}
                {down.length > 0 ? ` · ${down.join(', ')}` : ''}
              </span>
            </li>
          )
        })}
      </ol>
    </Section>
  )
}
