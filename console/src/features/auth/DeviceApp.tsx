// Relevo as an app of this device, and getting rid of what it keeps here.

import { Button, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { pushKey, removeDevice } from '../../api/push'
import { useMe } from '../../api/session'
import { askToInstall, install } from '../../device/install'
import { keepDevice, keptDevice } from '../../device/push'
import { canHaveWorker, removeWorker } from '../../device/worker'
import { device } from '../../texts/device'
import { explain } from '../../ui/StatePages'

const t = device.app

export function DeviceApp() {
  const state = useSyncExternalStore(install.subscribe, install.get)
  const me = useMe()
  const cache = useQueryClient()
  const clean = useMutation({
    mutationFn: async () => {
      const known = keptDevice(me.id)
      keepDevice(me.id, null)
      await removeWorker()
      if (known) await removeDevice(known)
    },
    onSettled: () => cache.invalidateQueries({ queryKey: pushKey }),
  })
  const words = { offered: t.offer, done: t.done, 'by hand': t.apple, no: t.none }
  return (
    <Stack gap={10}>
      <Text size="sm" fw={500}>
        {t.title}
      </Text>
      <Text size="sm" c="var(--muted)">
        {words[state]}
      </Text>
      {state === 'offered' && (
        <Button leftSection={<IconDownload size={18} aria-hidden />} onClick={() => void askToInstall()}>
          {t.install}
        </Button>
      )}
      {canHaveWorker() && (
        <>
          <Button variant="default" loading={clean.isPending} onClick={() => clean.mutate()}>
            {t.clean}
          </Button>
          <Text size="xs" c="var(--muted)" role="status">
            {clean.isSuccess ? t.cleaned : clean.error ? explain(clean.error) : t.cleanHelp}
          </Text>
        </>
      )}
    </Stack>
  )
}
