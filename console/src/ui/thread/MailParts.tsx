// Of a mail, what is not its sender's own words: subject, what was quoted, its page as it was written, and warnings.

import { Button, Modal } from '@mantine/core'
import { IconAlertTriangle, IconMail, IconQuote } from '@tabler/icons-react'
import { useState } from 'react'
import type { Mail } from '../../api/schema'
import { texts } from '../../texts'
import classes from './MailParts.module.css'

const t = texts.mail

export function MailParts({ messageId, mail }: { messageId: string; mail: Mail }) {
  const [page, setPage] = useState(false)
  const why = mail.unanswered && mail.unanswered !== 'stranger' ? t.unanswered[mail.unanswered] : null
  return (
    <div className={classes.mail}>
      {mail.subject && (
        <span className={classes.subject}>
          <IconMail size={13} aria-hidden /> {mail.subject}
        </span>
      )}
      {mail.stranger && <Warning text={t.stranger(mail.stranger.name ?? mail.stranger.address)} />}
      {why && <Warning text={why} />}
      {mail.refused && mail.refused.length > 0 && <Warning text={t.refused(mail.refused.join(', '))} />}
      {mail.cut && <span>{t.cut}</span>}
      {mail.quoted && (
        <details className={classes.quoted}>
          <summary>
            <IconQuote size={13} aria-hidden /> {t.quoted}
          </summary>
          <blockquote>{mail.quoted}</blockquote>
        </details>
      )}
      {mail.page && (
        <Button size="compact-xs" variant="default" onClick={() => setPage(true)}>
          {t.page}
        </Button>
      )}
      <Modal
        opened={page}
        onClose={() => setPage(false)}
        title={t.pageTitle}
        size="xl"
        closeButtonProps={{ 'aria-label': texts.common.close }}
      >
        <iframe
          className={classes.page}
          title={t.pageTitle}
          sandbox=""
          src={`/api/messages/${encodeURIComponent(messageId)}/mail`}
        />
      </Modal>
    </div>
  )
}

function Warning({ text }: { text: string }) {
  return (
    <span className={classes.warning}>
      <IconAlertTriangle size={14} aria-hidden /> {text}
    </span>
  )
}
