// Folders and the conversations of the chosen one, with the calls of this moment above them.

import { Button, Skeleton } from '@mantine/core'
import { IconArrowRight, IconInbox } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useActiveCalls } from '../../api/calls'
import { useClosedConversations, useOpenConversations } from '../../api/conversations'
import { useMe } from '../../api/session'
import { texts } from '../../texts'
import { LinkButton } from '../../ui/links'
import { Failure, Placeholder } from '../../ui/StatePages'
import { ConversationCard } from './ConversationCard'
import { FOLDERS, type Folder, folderCounts, folderItems } from './folders'
import classes from './InboxPane.module.css'
import { LiveCallCard } from './LiveCallCard'

type Props = {
  folder: Folder
  onFolder: (folder: Folder) => void
  selected: string | undefined
  onShown: (ids: string[]) => void
}

export function InboxPane({ folder, onFolder, selected, onShown }: Props) {
  const me = useMe()
  const open = useOpenConversations()
  const closed = useClosedConversations(folder === 'closed')
  const calls = useActiveCalls().data ?? []
  const query = folder === 'closed' ? closed : open
  const counts = folderCounts(open.data ?? [], me.id)
  const onCall = new Set(calls.map(call => call.conversation_id))
  const items = folderItems(query.data ?? [], folder, me.id).filter(item => !onCall.has(item.id))
  const shown = [...onCall, ...items.map(item => item.id)].join(' ')
  useEffect(() => onShown(shown ? shown.split(' ') : []), [onShown, shown])
  return (
    <section className={classes.pane} aria-label={texts.inbox.title}>
      <header className={classes.head}>
        <h1 className={classes.title}>{texts.inbox.title}</h1>
        <fieldset className={classes.folders} aria-label={texts.inbox.folderLabel}>
          {FOLDERS.map(name => (
            <button
              key={name}
              type="button"
              className={classes.folder}
              aria-pressed={name === folder}
              data-urgent={name === 'queued' && counts.queued > 0}
              onClick={() => onFolder(name)}
            >
              {texts.inbox.folders[name]}
              {counts[name] > 0 && <span className={classes.count}>{counts[name]}</span>}
            </button>
          ))}
        </fieldset>
      </header>
      <div className={classes.scroll}>
        {calls.length > 0 && (
          <section aria-label={texts.inbox.liveCalls} className={classes.live}>
            <h2 className={classes.label}>{texts.inbox.liveCalls}</h2>
            {calls.map(call => (
              <LiveCallCard key={call.id} call={call} selected={call.conversation_id === selected} meId={me.id} />
            ))}
          </section>
        )}
        {query.isPending ? (
          <Skeletons />
        ) : query.isError && !query.data ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : items.length === 0 ? (
          calls.length === 0 || folder !== 'all' ? (
            <EmptyFolder folder={folder} busy={counts.bot} onFolder={onFolder} />
          ) : null
        ) : (
          <ul className={classes.items} aria-label={texts.inbox.listLabel}>
            {items.map(item => (
              <li key={item.id}>
                <ConversationCard conversation={item} selected={item.id === selected} meId={me.id} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function EmptyFolder({ folder, busy, onFolder }: { folder: Folder; busy: number; onFolder: (folder: Folder) => void }) {
  const queued = folder === 'queued'
  return (
    <Placeholder
      icon={<IconInbox />}
      action={
        queued && busy > 0 ? (
          <Button variant="default" onClick={() => onFolder('bot')}>
            {texts.inbox.seeBot}
          </Button>
        ) : folder === 'all' || folder === 'bot' ? (
          <LinkButton to="/demo" target="_blank" variant="default" rightSection={<IconArrowRight size={16} />}>
            {texts.inbox.openDemo}
          </LinkButton>
        ) : undefined
      }
    >
      {texts.inbox.empty[folder]} {folder === 'queued' ? texts.inbox.botBusy(busy) : texts.inbox.emptyHint[folder]}
    </Placeholder>
  )
}

function Skeletons() {
  return (
    <div className={classes.skeletons} aria-hidden>
      {[0, 1, 2, 3, 4].map(n => (
        <div key={n} className={classes.skeleton}>
          <Skeleton circle height={40} />
          <div>
            <Skeleton height={12} width="55%" mb={10} />
            <Skeleton height={10} width="90%" />
          </div>
        </div>
      ))}
    </div>
  )
}
