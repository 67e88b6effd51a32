// Agencies: who they are and at what rate; beside them what the chosen one brought and earned.

import { Button, Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconArrowLeft, IconPlus, IconReceiptOff } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Partner } from '../../api/schema.trade'
import { useMay } from '../../api/session'
import { usePartners } from '../../api/trade'
import { texts } from '../../texts'
import { trade } from '../../texts/trade'
import { percent } from '../../ui/format'
import { Failure, NoPermission, Placeholder } from '../../ui/StatePages'
import { PartnerModal } from './PartnerModal'
import classes from './PartnersPage.module.css'
import { PartnerView } from './PartnerView'

const t = trade.commissions

export function PartnersPage() {
  const search: { agencia?: string; mes?: string } = useSearch({ strict: false })
  const navigate = useNavigate()
  const query = usePartners()
  const may = useMay('see_commissions')
  const mayManage = useMay('manage_partners')
  const [editing, setEditing] = useState<Partner | 'new' | null>(null)
  // Where both fit side by side, the first is open already.
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
  if (!may) return <NoPermission />
  const partners = query.data ?? []
  const chosen = partners.find(each => each.id === search.agencia) ?? (wide ? partners[0] : undefined)
  const show = (change: { agencia?: string | undefined; mes?: string }) =>
    void navigate({ to: '/comisiones', search: { ...search, ...change } as typeof search })
  const add = mayManage && (
    <Button leftSection={<IconPlus size={17} />} onClick={() => setEditing('new')}>
      {t.add}
    </Button>
  )
  return (
    <div className={classes.page} data-open={chosen !== undefined}>
      <aside className={classes.list} aria-label={t.title}>
        <header className={classes.head}>
          <h1 className={classes.title}>{t.title}</h1>
          {add}
        </header>
        {query.isPending ? (
          <div className={classes.rows} role="status" aria-label={texts.common.loading}>
            <Skeleton height={64} radius="md" />
            <Skeleton height={64} radius="md" />
          </div>
        ) : query.isError && !query.data ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : partners.length === 0 ? (
          <Placeholder icon={<IconReceiptOff />} title={t.none}>
            {t.noneHelp}
          </Placeholder>
        ) : (
          <ul className={classes.rows}>
            {partners.map(each => (
              <li key={each.id}>
                <button
                  type="button"
                  className={classes.row}
                  aria-current={each.id === chosen?.id}
                  onClick={() => show({ agencia: each.id })}
                >
                  <span className={classes.words}>
                    <strong className="clip">{each.name}</strong>
                    <span className="muted tabular">
                      {each.code}
                      {!each.active && ` · ${t.inactive}`}
                    </span>
                  </span>
                  <span className={classes.rate} data-off={!each.active}>
                    {percent(Number(each.percent))}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </aside>
      <div className={classes.detail}>
        {chosen ? (
          <>
            <Button
              className={classes.back ?? ''}
              variant="subtle"
              leftSection={<IconArrowLeft size={17} />}
              onClick={() => show({ agencia: undefined })}
            >
              {t.back}
            </Button>
            <PartnerView
              key={chosen.id}
              partner={chosen}
              month={search.mes ?? thisMonth()}
              onMonth={mes => show({ mes })}
              onEdit={mayManage ? () => setEditing(chosen) : undefined}
            />
          </>
        ) : (
          partners.length > 0 && <Placeholder icon={<IconReceiptOff />}>{t.pick}</Placeholder>
        )}
      </div>
      {editing && (
        <PartnerModal
          partner={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={saved => {
            setEditing(null)
            show({ agencia: saved.id })
          }}
        />
      )}
    </div>
  )
}

function thisMonth(): string {
  const now = new Date()
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}`
}
