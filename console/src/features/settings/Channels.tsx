// Every channel with its state, what its carrier says in words, a test, and how it is connected. No secret is here.

import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useAskCarriers, useChannelSetup, useChannels } from '../../api/channels'
import { texts } from '../../texts'
import { setup } from '../../texts/setup'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { ChannelCard } from './ChannelCard'
import pieces from './Pieces.module.css'
import { Lead } from './parts'
import classes from './Settings.module.css'

const t = setup.channels

export function Channels() {
  const channels = useChannels()
  const connection = useChannelSetup()
  const ask = useAskCarriers()
  const watched = channels.data ?? []
  const known = new Set(watched.map(each => each.name))
  const others = (connection.data ?? []).filter(each => !known.has(each.name))
  const loaded = connection.data !== undefined && channels.data !== undefined
  return (
    <>
      <div className={classes.head}>
        <Lead>{t.help}</Lead>
        <Button
          variant="default"
          mih={44}
          leftSection={<IconRefresh size={17} />}
          loading={ask.isPending}
          onClick={() => ask.mutate()}
        >
          {texts.house.channels.ask}
        </Button>
      </div>
      {ask.error && (
        <p className={pieces.note} data-tone="warn" role="alert">
          {explain(ask.error)}
        </p>
      )}
      <span role="status" className="visually-hidden">
        {ask.isSuccess ? t.checked : ''}
      </span>
      {loaded ? (
        <>
          {watched.map(each => (
            <ChannelCard
              key={`${each.name} ${each.account}`}
              channel={each}
              setup={connection.data.find(one => one.name === each.name)}
            />
          ))}
          {others.map(each => (
            <ChannelCard key={each.name} channel={null} setup={each} />
          ))}
        </>
      ) : (
        <Section title={setup.names.canales} query={channels.data ? connection : channels}>
          {null}
        </Section>
      )}
    </>
  )
}
