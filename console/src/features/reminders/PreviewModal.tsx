// What a reminder says, by which way it would leave, and the quiet hours it keeps.

import { Modal, Skeleton, Stack } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconMoonStars } from '@tabler/icons-react'
import { type ReminderPreview, useReminderPreview, type WayAsked } from '../../api/outreach'
import { texts } from '../../texts'
import { outreach } from '../../texts/outreach'
import { clock, dayAhead, dayName } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { PartFailure } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import looks from './Preview.module.css'
import classes from './Reminders.module.css'

const t = outreach.reminders

export function PreviewModal({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useReminderPreview(id)
  const shown = query.data
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={shown ? `${shown.title} · ${shown.guest_name ?? t.noGuest}` : t.preview}
      closeButtonProps={{ 'aria-label': texts.common.close, size: 44 }}
    >
      {shown ? (
        <Preview shown={shown} />
      ) : query.isError ? (
        <PartFailure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <div role="status" aria-label={texts.common.loading}>
          <Skeleton height={120} />
        </div>
      )}
    </Modal>
  )
}

function Preview({ shown }: { shown: ReminderPreview }) {
  const now = useMinute()
  const when = (at: string) => `${Date.parse(at) > now ? dayAhead(at, now) : dayName(at, now)} ${clock(at)}`
  const first = shown.ways.findIndex(way => way.allowed)
  return (
    <Stack gap="md">
      {shown.state === 'planned' && (
        <p className={classes.quiet}>
          <IconMoonStars size={17} aria-hidden />
          <span>
            {t.due}: <strong>{when(shown.quiet.due_at)}</strong> · {t.until} {when(shown.until)}.{' '}
            {t.quietFor(shown.quiet.zones.map(zone => zone.split('/').at(-1)?.replaceAll('_', ' ')).join(', '))}.
          </span>
        </p>
      )}
      <h3 className={looks.small}>{t.ways}</h3>
      {shown.ways.length === 0 && <p className={classes.soft}>{t.noWay}</p>}
      {shown.ways.map((way, index) => (
        <Way key={way.form} way={way} used={index === first} />
      ))}
      <div className={classes.verbs}>
        {shown.code && (
          <LinkButton to="/reservas/$code" params={{ code: shown.code }} variant="default">
            {t.openBooking}
          </LinkButton>
        )}
        {shown.conversation_id && (
          <LinkButton to="/c/$id" params={{ id: shown.conversation_id }} variant="default">
            {t.openConversation}
          </LinkButton>
        )}
      </div>
    </Stack>
  )
}

function Way({ way, used }: { way: WayAsked; used: boolean }) {
  const Icon = way.allowed ? IconCircleCheck : IconCircleX
  return (
    <section className={looks.way} data-allowed={way.allowed} aria-label={t.way[way.form]}>
      <header>
        <Icon size={18} aria-hidden />
        <strong>{t.way[way.form]}</strong>
        <span>{outreach.channels[way.channel] ?? way.channel}</span>
        {used && <em>{t.first}</em>}
      </header>
      {way.text && <p className={looks.why}>{way.text}</p>}
      <div className={looks.bubble}>
        {way.subject && (
          <strong>{way.form === 'template' ? t.template(way.subject) : `${t.subject}: ${way.subject}`}</strong>
        )}
        <span>{way.body}</span>
      </div>
    </section>
  )
}
