// What a place shows instead of its content: nothing there, no permission, a failure with a way out.

import { Button, Stack, Text, Title } from '@mantine/core'
import { IconCloudOff, IconLock, IconMoodEmpty, IconRefreshAlert } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ApiError } from '../api/client'
import { explained } from '../api/explained'
import { texts } from '../texts'
import { LinkButton } from './links'
import classes from './StatePages.module.css'

type Props = { icon: ReactNode; title?: string; children?: ReactNode; action?: ReactNode; role?: 'alert' }

export function Placeholder({ icon, title, children, action, role }: Props) {
  return (
    <div className={classes.wrap} role={role}>
      <Stack align="center" gap="xs" maw={340}>
        <div className={classes.icon}>{icon}</div>
        {title && (
          <Title order={2} size="h4" ta="center">
            {title}
          </Title>
        )}
        {children && (
          <Text size="sm" c="var(--muted)" ta="center" component="div">
            {children}
          </Text>
        )}
        {action && <div className={classes.action}>{action}</div>}
      </Stack>
    </div>
  )
}

export const explain = explained

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  if (error instanceof ApiError && error.status === 403) return <NoPermission />
  if (error instanceof ApiError && error.status === 404) return <NotFoundPage />
  const offline = error instanceof ApiError && error.status === 0
  return (
    <Placeholder
      role="alert"
      icon={offline ? <IconCloudOff /> : <IconRefreshAlert />}
      title={texts.errors.title}
      action={
        retry && (
          <Button variant="default" onClick={retry}>
            {texts.common.retry}
          </Button>
        )
      }
    >
      {explain(error)}
    </Placeholder>
  )
}

export function NoPermission() {
  return (
    <Placeholder icon={<IconLock />} title={texts.errors.forbiddenTitle}>
      {texts.errors.forbidden}
    </Placeholder>
  )
}

export function NotFoundPage() {
  return (
    <Placeholder
      icon={<IconMoodEmpty />}
      title={texts.errors.notFoundTitle}
      action={
        <LinkButton to="/" variant="default">
          {texts.common.back}
        </LinkButton>
      }
    >
      {texts.errors.notFound}
    </Placeholder>
  )
}

export function CrashPage({ error }: { error: unknown }) {
  if (error instanceof ApiError) return <Failure error={error} retry={() => location.reload()} />
  return (
    <Placeholder
      role="alert"
      icon={<IconRefreshAlert />}
      title={texts.errors.crashed}
      action={
        <Button variant="default" onClick={() => location.reload()}>
          {texts.errors.reload}
        </Button>
      }
    >
      {texts.errors.unknown}
    </Placeholder>
  )
}
