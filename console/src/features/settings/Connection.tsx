// Which settings make a channel and whether they were given, and the addresses that its carrier has to be told.

import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react'
import type { ChannelSetup } from '../../api/channels'
import { setup as texts } from '../../texts/setup'
import classes from './Channels.module.css'
import { CopyLine, Note } from './parts'

const t = texts.channels

export function Connection({ setup, open }: { setup: ChannelSetup; open: boolean }) {
  return (
    <details className={classes.more} open={open}>
      <summary>{t.connect}</summary>
      <div className={classes.connection}>
        {setup.webhooks.map(each => (
          <CopyLine key={each.what} label={t.webhooks[each.what] ?? each.what} text={each.url} />
        ))}
        {setup.webhooks.length > 0 && !setup.public && <Note tone="warn">{t.notPublic}</Note>}
        <div>
          <span className={classes.soft}>{t.settings}</span>
          <ul className={classes.settings}>
            {setup.settings.map(each => (
              <li key={each.name} data-given={each.given}>
                {each.given ? <IconCircleCheck size={15} aria-hidden /> : <IconCircleDashed size={15} aria-hidden />}
                <code>{each.name}</code>
                <span>{each.given ? t.given : each.needed ? t.missing : t.optional}</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </details>
  )
}
