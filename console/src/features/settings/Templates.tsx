// The approved words of WhatsApp as Meta or Twilio have them: status and how they look. Written there, only read here.

import { Badge, Button, TextInput } from '@mantine/core'
import { IconBrandWhatsapp, IconRefresh, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { type Template, useAllTemplates } from '../../api/messaging'
import { setup } from '../../texts/setup'
import { channelName } from '../../ui/ChannelAvatar'
import { Section } from '../../ui/Section'
import { Placeholder } from '../../ui/StatePages'
import { Lead, Note } from './parts'
import classes from './Templates.module.css'

const t = setup.templates
const REMINDERS = ['relevo_week_before', 'relevo_day_before', 'relevo_arrival_day', 'relevo_feedback']
const COLORS: Record<string, string> = { approved: 'green', pending: 'yellow', paused: 'yellow' }

export function Templates() {
  const query = useAllTemplates()
  const [q, setQ] = useState('')
  const all = query.data
  if (all === null)
    return (
      <Placeholder icon={<IconBrandWhatsapp />} title={t.off}>
        {t.offHelp}
      </Placeholder>
    )
  const usable = new Set((all ?? []).filter(each => each.usable).map(each => each.name))
  const missing = all ? REMINDERS.filter(name => !usable.has(name)) : []
  const words = q.trim().toLowerCase()
  const shown = (all ?? []).filter(each => `${each.name} ${each.body}`.toLowerCase().includes(words))
  return (
    <>
      <Lead>{t.help}</Lead>
      {all && all.length > 0 && missing.length > 0 && (
        <Note tone="warn">
          <strong>{t.missing}.</strong> {t.missingHelp(missing.join(', '))}
        </Note>
      )}
      <div className={classes.bar}>
        <TextInput
          type="search"
          aria-label={t.filter}
          placeholder={t.filter}
          leftSection={<IconSearch size={16} />}
          value={q}
          onChange={event => setQ(event.currentTarget.value)}
        />
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={query.isFetching}
          onClick={() => void query.refetch()}
        >
          {t.refresh}
        </Button>
      </div>
      <Section title={setup.names.plantillas} query={query}>
        {all?.length === 0 ? (
          <p className="muted">
            {t.none} {t.noneHelp}
          </p>
        ) : shown.length === 0 ? (
          <p className="muted">{setup.noMatch(q)}</p>
        ) : (
          <ul className={classes.list}>
            {shown.map(each => (
              <Card key={`${each.channel} ${each.name} ${each.language}`} template={each} />
            ))}
          </ul>
        )}
      </Section>
    </>
  )
}

function Card({ template }: { template: Template }) {
  return (
    <li className={classes.card}>
      <div className={classes.facts}>
        <code>{template.name}</code>
        <Badge variant="light" tt="none" color={COLORS[template.status] ?? 'red'}>
          {t.states[template.status] ?? template.status}
        </Badge>
        <span className={classes.soft}>
          {template.language} · {t.categories[template.category] ?? template.category} ·{' '}
          {t.places(template.params.length)} · {channelName(template.channel)}
        </span>
        {!template.usable && <span className={classes.soft}>{t.unusable}</span>}
      </div>
      <div className={classes.bubble}>
        {template.header && <strong>{template.header}</strong>}
        <span>{template.body}</span>
        {template.footer && <small>{template.footer}</small>}
        {template.buttons.map(button => (
          <em key={button}>{button}</em>
        ))}
      </div>
    </li>
  )
}
