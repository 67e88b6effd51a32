// The web sites that may show the chat: their keys, what is pasted on their pages, how it will look.

import { Button } from '@mantine/core'
import { IconPlus, IconTrash, IconWorld } from '@tabler/icons-react'
import { useState } from 'react'
import { type Site, useDropSite, useSites } from '../../api/sites'
import { setup } from '../../texts/setup'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { Section } from '../../ui/Section'
import { explain } from '../../ui/StatePages'
import { CopyLine, Lead } from './parts'
import { SiteModal } from './SiteModal'
import { SiteSecret } from './SiteSecret'
import classes from './Sites.module.css'
import { WidgetPreview } from './WidgetPreview'

const t = setup.sites

export function Sites() {
  const query = useSites()
  const drop = useDropSite()
  const [adding, setAdding] = useState(false)
  const [dropping, setDropping] = useState<Site | null>(null)
  const sites = query.data ?? []
  return (
    <>
      <div className={classes.bar}>
        <Lead>{t.help}</Lead>
        <Button mih={44} leftSection={<IconPlus size={17} />} onClick={() => setAdding(true)}>
          {t.add}
        </Button>
      </div>
      <p role="status" className="visually-hidden">
        {drop.isSuccess ? t.removed : ''}
      </p>
      {!query.data && (
        <Section title={setup.names.sitios} query={query}>
          {null}
        </Section>
      )}
      {sites.map(site => (
        <SiteCard key={site.key} site={site} onDrop={() => setDropping(site)} />
      ))}
      {sites.length > 0 && <WidgetPreview sites={sites} />}
      {adding && <SiteModal onClose={() => setAdding(false)} />}
      <ConfirmModal
        opened={dropping !== null}
        title={dropping ? t.removeTitle(dropping.name) : ''}
        help={t.removeHelp}
        confirm={t.remove}
        danger
        busy={drop.isPending}
        error={drop.error ? explain(drop.error) : null}
        onClose={() => setDropping(null)}
        onConfirm={() => dropping && drop.mutate(dropping.key, { onSuccess: () => setDropping(null) })}
      />
    </>
  )
}

function SiteCard({ site, onDrop }: { site: Site; onDrop: () => void }) {
  return (
    <Section
      title={site.name}
      aside={
        site.default ? (
          <span className="muted">{t.own}</span>
        ) : (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconTrash size={15} />}
            aria-label={`${t.remove}: ${site.name}`}
            onClick={onDrop}
          >
            {t.remove}
          </Button>
        )
      }
    >
      <div className={classes.card}>
        <ul className={classes.origins} aria-label={t.origins}>
          {site.origins.map(origin => (
            <li key={origin}>
              <IconWorld size={16} aria-hidden /> {origin}
            </li>
          ))}
          {site.origins.length === 0 && <li className="muted">{t.noOrigins}</li>}
        </ul>
        {site.default && <p className={classes.soft}>{t.ownHelp}</p>}
        <CopyLine label={t.snippet} text={site.snippet} />
        <div className={classes.pair}>
          <CopyLine label={t.key} text={site.key} />
          <CopyLine label={t.page} text={site.page} />
        </div>
        <SiteSecret site={site} />
      </div>
    </Section>
  )
}
