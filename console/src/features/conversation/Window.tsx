// WhatsApp lets a business write freely for a day after the customer's last words; after it, approved templates only.

import { Button, Menu, Modal, TextInput } from '@mantine/core'
import { IconClockOff, IconHourglass, IconTemplate } from '@tabler/icons-react'
import { useState } from 'react'
import { filledBody, type Template, useSendTemplate, useTemplates } from '../../api/messaging'
import type { Conversation } from '../../api/schema'
import { texts } from '../../texts'
import { explain } from '../../ui/StatePages'
import { useMinute } from '../../ui/useNow'
import classes from './Window.module.css'
import { windowState } from './windowState'

const t = texts.window

export function useWindow(conversation: Conversation) {
  return windowState(conversation.window_until, useMinute())
}

export function WindowNote({ conversation, mayReply }: { conversation: Conversation; mayReply: boolean }) {
  const state = useWindow(conversation)
  const [chosen, setChosen] = useState<Template | null>(null)
  const templates = useTemplates(conversation.channel, mayReply && state.kind === 'closed')
  if (state.kind === 'free') return null
  if (state.kind === 'closing') {
    return (
      <p className={classes.note} data-kind="closing">
        <IconHourglass size={16} aria-hidden /> {t.closing(state.left)}
      </p>
    )
  }
  return (
    <div className={classes.note} data-kind="closed" role="status">
      <span className={classes.words}>
        <IconClockOff size={16} aria-hidden /> {t.closed}
      </span>
      {mayReply && (
        <Menu position="top-end" withinPortal>
          <Menu.Target>
            <Button size="sm" leftSection={<IconTemplate size={16} />} loading={templates.isLoading}>
              {t.choose}
            </Button>
          </Menu.Target>
          <Menu.Dropdown className={classes.templates ?? ''}>
            {templates.data?.length ? (
              templates.data.map(each => (
                <Menu.Item key={`${each.name} ${each.language}`} onClick={() => setChosen(each)}>
                  <span className={classes.template}>
                    <strong>{each.name}</strong>
                    <span className="clip">{each.body}</span>
                  </span>
                </Menu.Item>
              ))
            ) : (
              <p className={classes.none}>{templates.isError ? explain(templates.error) : t.none}</p>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {chosen && <Fill template={chosen} conversationId={conversation.id} onClose={() => setChosen(null)} />}
    </div>
  )
}

type FillProps = { template: Template; conversationId: string; onClose: () => void }

function Fill({ template, conversationId, onClose }: FillProps) {
  const [values, setValues] = useState<string[]>(() => template.params.map(() => ''))
  const [clientId] = useState(() => crypto.randomUUID())
  const send = useSendTemplate(conversationId)
  const ready = values.every(value => value.trim() !== '')
  return (
    <Modal opened onClose={onClose} title={t.title} centered closeButtonProps={{ 'aria-label': texts.common.close }}>
      <form
        className={classes.fill}
        onSubmit={event => {
          event.preventDefault()
          const filled = { name: template.name, language: template.language, client_id: clientId }
          send.mutate({ ...filled, params: values.map(value => value.trim()) }, { onSuccess: onClose })
        }}
      >
        <p className={classes.preview}>{filledBody(template, values)}</p>
        {template.params.map((name, index) => (
          <TextInput
            key={name}
            label={t.value(name)}
            value={values[index] ?? ''}
            maxLength={200}
            required
            onChange={event => {
              const written = event.currentTarget.value
              setValues(before => before.map((value, at) => (at === index ? written : value)))
            }}
          />
        ))}
        {send.error && (
          <p className={classes.wrong} role="alert">
            {explain(send.error)}
          </p>
        )}
        <Button type="submit" disabled={!ready} loading={send.isPending}>
          {t.send}
        </Button>
      </form>
    </Modal>
  )
}
