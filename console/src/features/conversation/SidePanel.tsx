// What is known of the person, and their bookings.

import { SegmentedControl, Title } from '@mantine/core'
import { IconUser } from '@tabler/icons-react'
import { usePriority } from '../../api/messaging'
import type { Conversation, ConversationDetail, Priority } from '../../api/schema'
import { useMay } from '../../api/session'
import { texts } from '../../texts'
import { toldReason } from '../../texts/told'
import { BookingCard } from '../../ui/BookingCard'
import { channelName } from '../../ui/ChannelAvatar'
import { clock, dayName } from '../../ui/format'
import { LinkButton } from '../../ui/links'
import { useMinute } from '../../ui/useNow'
import { Copilot, type Use } from './Copilot'
import classes from './SidePanel.module.css'

/** `copilot`: so often it was asked for by key. */
type Props = { detail: ConversationDetail; copilot: number; onUse?: Use | undefined; onNote?: Use | undefined }

export function SidePanel({ detail, copilot, onUse, onNote }: Props) {
  const { conversation, bookings, messages } = detail
  const now = useMinute()
  return (
    <div className={classes.panel}>
      <Copilot
        asked={copilot}
        conversationId={conversation.id}
        seq={messages.at(-1)?.seq ?? 0}
        onUse={onUse}
        onNote={onNote}
      />
      <section>
        <Title order={3} size="h6" className={classes.title ?? ''}>
          {texts.panel.contact}
        </Title>
        <dl className={classes.facts}>
          <Fact label={texts.thread.customer} value={conversation.person.name ?? texts.common.noName} />
          {conversation.person.identities
            .filter(identity => ['whatsapp', 'phone', 'email'].includes(identity.kind))
            .map(identity => (
              <Fact
                key={`${identity.kind}:${identity.value}`}
                label={texts.panel.identities[identity.kind] ?? identity.kind}
                value={identity.value}
              />
            ))}
          <Fact label={texts.panel.channel} value={channelName(conversation.channel)} />
          <Fact
            label={texts.panel.started}
            value={`${dayName(conversation.created_at, now)}, ${clock(conversation.created_at)}`}
          />
          {conversation.reason && (
            <Fact label={texts.panel.reason} value={toldReason(conversation.reason, conversation.reason_text) ?? ''} />
          )}
        </dl>
        <LinkButton
          to="/clientes/$id"
          params={{ id: conversation.person.id }}
          variant="default"
          size="xs"
          fullWidth
          className={classes.customer ?? ''}
          leftSection={<IconUser size={15} />}
        >
          {texts.people.open}
        </LinkButton>
        <PriorityChoice conversation={conversation} />
      </section>
      <section>
        <Title order={3} size="h6" className={classes.title ?? ''}>
          {texts.panel.bookings}
        </Title>
        {bookings.length === 0 ? (
          <p className={classes.none}>{texts.panel.noBookings}</p>
        ) : (
          <div className={classes.bookings}>
            {bookings.map(booking => (
              <BookingCard key={booking.id} booking={booking} compact />
            ))}
          </div>
        )}
      </section>
    </div>
  )
}

const PRIORITIES: Priority[] = ['normal', 'high', 'urgent']

function PriorityChoice({ conversation }: { conversation: Conversation }) {
  const may = useMay('answer')
  const change = usePriority(conversation.id)
  if (!conversation.priority || conversation.control === 'closed') return null
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={texts.priority.label ?? ''}
      disabled={!may || change.isPending}
      value={conversation.priority}
      data={PRIORITIES.map(value => ({ value, label: texts.priority[value] ?? value }))}
      onChange={value => change.mutate(value as Priority)}
    />
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}
