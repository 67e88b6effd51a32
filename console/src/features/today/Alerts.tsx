// What needs a person, the gravest first. Opening goes where it is settled; settled goes away for everybody.

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconArrowRight, IconCheck, IconInfoCircle, IconMoodSmile } from '@tabler/icons-react'
import { useAlertDone, useAlerts } from '../../api/house'
import { gravity } from '../../api/mergeHouse'
import type { Alert } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { shortWhen } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import { insideLink } from './links'
import classes from './TodayPage.module.css'

const t = texts.house

export function Alerts() {
  const query = useAlerts()
  const alerts = query.data ?? []
  return (
    <Section title={alerts.length > 0 ? `${t.alerts} (${alerts.length})` : t.alerts} query={query}>
      {alerts.length === 0 ? (
        <p className={classes.none}>
          <IconMoodSmile size={20} stroke={1.7} aria-hidden />
          {t.alertsNone} {t.alertsNoneHint}
        </p>
      ) : (
        <ul className={classes.alerts}>
          {alerts.map(alert => (
            <AlertRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function AlertRow({ alert }: { alert: Alert }) {
  const now = useMinute()
  const done = useAlertDone()
  const mayAnswer = useMay('answer')
  const link = insideLink(alert.link)
  const grave = gravity(alert)
  const Icon = grave === 1 ? IconInfoCircle : IconAlertTriangle
  return (
    <li className={classes.alert} data-gravity={grave}>
      <span className={classes.alertIcon}>
        <Icon size={20} stroke={1.8} aria-hidden />
      </span>
      <div className={classes.alertWords}>
        <strong>{alert.title ?? t.alertUnknown}</strong>
        {alert.text && <span>{alert.text}</span>}
        <span className="muted">
          {t.severities[alert.severity] ?? alert.severity} · {shortWhen(alert.last_at ?? alert.created_at, now)}
          {alert.count > 1 && ` · ${t.alertTimes(alert.count)}`}
        </span>
        {done.error && <span role="alert">{explain(done.error)}</span>}
      </div>
      <div className={classes.alertButtons}>
        {link && (
          <LinkButton to={link} size="xs" rightSection={<IconArrowRight size={15} />}>
            {t.alertOpen}
          </LinkButton>
        )}
        {mayAnswer && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCheck size={15} />}
            title={t.alertDoneHelp}
            loading={done.isPending}
            onClick={() => done.mutate(alert)}
          >
            {t.alertDone}
          </Button>
        )}
      </div>
    </li>
  )
}
