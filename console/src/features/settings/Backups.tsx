// The backups there are and how the last night went. Made and brought back on the server, never from here.

import { IconAlertTriangle, IconCircleCheck, IconCircleMinus } from '@tabler/icons-react'
import { useBackups } from '../../api/office'
import { setup } from '../../texts/setup'
import { fileSize as bytes } from '../../ui/attachments/kinds'
import { clock, dayAhead, dayName } from '../../ui/format'
import { Facts, Section } from '../../ui/Section'
import { useMinute } from '../../ui/useNow'
import pieces from './Pieces.module.css'
import { CopyLine, Lead, Note } from './parts'
import classes from './Settings.module.css'

const t = setup.backups
const ICONS = { ok: IconCircleCheck, none: IconCircleMinus, failed: IconAlertTriangle, off: IconCircleMinus }

export function Backups() {
  const query = useBackups()
  const now = useMinute()
  const found = query.data
  const Icon = ICONS[found?.state ?? 'none']
  const last = found?.items[0]
  const help = found && { ok: null, none: t.noneHelp, failed: t.failedHelp, off: t.offHelp }[found.state]
  return (
    <>
      <Lead>{t.help}</Lead>
      <Section title={setup.names.copias} query={query}>
        {found && (
          <>
            <p className={pieces.state} data-state={found.state}>
              <Icon size={22} aria-hidden /> <strong>{t.states[found.state]}</strong>
            </p>
            {help && <Note tone="warn">{help}</Note>}
            <Facts
              items={[
                ...(last
                  ? [[t.last, `${dayName(last.at, now)} ${clock(last.at)} · ${bytes(last.size)}`] as [string, string]]
                  : []),
                ...(found.next_at
                  ? [[t.next, `${dayAhead(found.next_at, now)} ${clock(found.next_at)}`] as [string, string]]
                  : []),
                [t.keep, t.keepN(found.keep)],
                [t.recordings, found.recordings ? t.withRecordings : t.withoutRecordings],
                [t.where, found.own_folder ? t.ownFolder : t.dataFolder],
              ]}
            />
          </>
        )}
      </Section>
      {found && (
        <Section title={t.list}>
          {found.items.length === 0 ? (
            <p className="muted">{t.none}</p>
          ) : (
            <ul className={pieces.plain}>
              {found.items.map(each => (
                <li key={each.name}>
                  <code className={classes.code}>{each.name}</code>
                  <span className="muted">
                    {dayName(each.at, now)} {clock(each.at)} · {bytes(each.size)}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Section>
      )}
      {last && (
        <Section title={t.restore}>
          <CopyLine label={t.restoreHelp} text={`RELEVO_DATA_DIR=/srv/relevo-new relevo restore ${last.name}`} />
        </Section>
      )}
    </>
  )
}
