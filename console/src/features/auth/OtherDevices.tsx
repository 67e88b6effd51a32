// The user's other browsers that are told of news.

import { Button, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type PushDevice, pushKey, removeDevice } from '../../api/push'
import { device } from '../../texts/device'
import { shortWhen } from '../../ui/format'
import { useMinute } from '../../ui/useNow'
import classes from './Device.module.css'
import { deviceName } from './devices'

const t = device.push

export function OtherDevices({ devices }: { devices: PushDevice[] }) {
  const cache = useQueryClient()
  const now = useMinute()
  const remove = useMutation({
    mutationFn: removeDevice,
    onSettled: () => cache.invalidateQueries({ queryKey: pushKey }),
  })
  if (devices.length === 0) return null
  return (
    <Stack gap={8}>
      <Text size="sm" fw={500}>
        {t.others}
      </Text>
      {devices.map(each => {
        const name = deviceName(each.device) ?? t.unknown
        return (
          <div key={each.id} className={classes.line}>
            <div className={classes.name}>
              <Text size="sm">{name}</Text>
              <Text size="xs" c="var(--muted)">
                {stateOf(each, now)}
              </Text>
            </div>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={t.removeLabel(name)}
              loading={remove.isPending && remove.variables === each.id}
              onClick={() => remove.mutate(each.id)}
            >
              {t.remove}
            </Button>
          </div>
        )
      })}
    </Stack>
  )
}

function stateOf(device: PushDevice, now: number): string {
  if (!device.signed_in) return t.ended
  if (device.failures > 0) return t.failing
  return device.last_ok_at ? t.last(shortWhen(device.last_ok_at, now)) : t.never
}
