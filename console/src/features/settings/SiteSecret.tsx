// The secret of a site, shown when asked for and gone with the page; the server notes who asked.

import { Button } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { type Site, useSiteSecret } from '../../api/sites'
import { setup } from '../../texts/setup'
import { explain } from '../../ui/StatePages'
import { CopyLine } from './parts'
import classes from './Sites.module.css'

const t = setup.sites

export function SiteSecret({ site }: { site: Site }) {
  const secret = useSiteSecret(site.key)
  return (
    <div className={classes.secret}>
      {secret.data ? (
        <>
          <CopyLine label={t.secret} text={secret.data} />
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconEyeOff size={16} />}
            onClick={() => secret.reset()}
          >
            {t.hide}
          </Button>
        </>
      ) : (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconEye size={16} />}
          aria-label={`${t.show}: ${site.name}`}
          loading={secret.isPending}
          onClick={() => secret.mutate()}
        >
          {t.show}
        </Button>
      )}
      <span className={classes.soft}>{t.secretHelp}</span>
      {secret.error && <span role="alert">{explain(secret.error)}</span>}
    </div>
  )
}
