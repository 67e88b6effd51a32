// The user's own page: on a phone, what the menu holds on a desktop.

import { Badge, Button, Paper, Stack, Text, Title } from '@mantine/core'
import { IconKeyboard, IconLogout, IconSearch } from '@tabler/icons-react'
import { useLiveState } from '../../api/live-context'
import { useMay, useMe } from '../../api/session'
import { texts } from '../../texts'
import { registry } from '../../ui/commands/registry'
import { clockWithSeconds, initials } from '../../ui/format'
import { LanguageControl } from '../../ui/LanguageControl'
import { LinkButton } from '../../ui/links'
import { SchemeControl } from '../../ui/SchemeControl'
import { isTab, sectionsOf } from '../../ui/sections'
import { useSignOut } from '../../ui/useSignOut'
import { AlertChoices } from './AlertChoices'
import { DeviceCard } from './DeviceCard'
import classes from './MePage.module.css'
import { Security } from './Security'

export function MePage() {
  const me = useMe()
  const live = useLiveState()
  const signOut = useSignOut()
  const mayBeTold = useMay('see_alerts')
  const online = live.status === 'online'
  return (
    <div className={classes.page}>
      <Stack gap="md" maw={520} mx="auto">
        <Paper withBorder radius="lg" p="lg" className={classes.card}>
          <div className={classes.who}>
            <div className={classes.avatar}>{initials(me.name)}</div>
            <div>
              <Title order={1} size="h4">
                {me.name}
              </Title>
              <Text size="sm" c="var(--muted)">
                {texts.roles[me.role]} · {me.email}
              </Text>
            </div>
          </div>
        </Paper>
        <Paper withBorder radius="lg" p="lg" className={classes.card}>
          <Stack gap="lg">
            <div>
              <Text size="sm" fw={600} mb={8}>
                {texts.me.scheme}
              </Text>
              <SchemeControl />
            </div>
            <div>
              <Text size="sm" fw={600} mb={8}>
                {texts.me.language}
              </Text>
              <LanguageControl />
            </div>
            <div className={classes.row}>
              <Text size="sm" fw={600}>
                {texts.me.connection}
              </Text>
              <div className={classes.state}>
                {live.lastDataAt !== null && !online && (
                  <Text size="xs" c="var(--muted)">
                    {texts.live.lastData(clockWithSeconds(live.lastDataAt))}
                  </Text>
                )}
                <Badge color={online ? 'green' : 'yellow'} variant="light" tt="none">
                  {online ? texts.live.online : texts.live.connecting}
                </Badge>
              </div>
            </div>
          </Stack>
        </Paper>
        <Button
          variant="default"
          size="md"
          hiddenFrom="sm"
          leftSection={<IconSearch size={18} />}
          onClick={() => registry.run('bar')}
        >
          {texts.keys.bar}
        </Button>
        {mayBeTold && <AlertChoices />}
        <DeviceCard />
        <Security />
        {sectionsOf(me)
          .filter(section => !isTab(section, me))
          .map(section => (
            <LinkButton
              key={section.to}
              to={section.to}
              variant="default"
              size="md"
              leftSection={<section.icon size={18} />}
            >
              {section.label}
            </LinkButton>
          ))}
        <Button
          variant="default"
          size="md"
          visibleFrom="sm"
          leftSection={<IconKeyboard size={18} />}
          onClick={() => registry.run('help')}
        >
          {texts.keys.title}
        </Button>
        <Button variant="default" size="md" leftSection={<IconLogout size={18} />} onClick={signOut}>
          {texts.auth.signOut}
        </Button>
      </Stack>
    </div>
  )
}
