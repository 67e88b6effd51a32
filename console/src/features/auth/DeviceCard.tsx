// What this browser does to be noticed: sounds, notifications while Relevo is out of sight or closed, the app.

import { Divider, Paper, Stack, Text } from '@mantine/core'
import { device as t } from '../../texts/device'
import { DeviceApp } from './DeviceApp'
import { DevicePush } from './DevicePush'
import { DeviceSounds } from './DeviceSounds'
import classes from './MePage.module.css'

export function DeviceCard() {
  return (
    <Paper withBorder radius="lg" p="lg" className={classes.card} component="section" aria-label={t.title}>
      <Stack gap="md">
        <div>
          <Text size="sm" fw={600}>
            {t.title}
          </Text>
          <Text size="sm" c="var(--muted)">
            {t.help}
          </Text>
        </div>
        <DeviceSounds />
        <Divider />
        <DevicePush />
        <Divider />
        <DeviceApp />
      </Stack>
    </Paper>
  )
}
