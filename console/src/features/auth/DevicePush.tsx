// Notifications of the browser: while Relevo is in another tab, and while it is closed.

import { Alert, Checkbox, Skeleton, Stack, Switch, Text } from '@mantine/core'
import { IconBellOff } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { addDevice, type PushKind, type PushState, pushKey, removeDevice, usePushState } from '../../api/push'
import { useMe } from '../../api/session'
import { isApple, isInstalled } from '../../device/install'
import { keepNotices, wantsNotices } from '../../device/notices'
import { current, keepDevice, keptDevice, permission, subscribe, unsubscribe } from '../../device/push'
import { canHaveWorker } from '../../device/worker'
import { device as texts } from '../../texts/device'
import { browserName } from '../../ui/browserName'
import { explain } from '../../ui/StatePages'
import classes from './Device.module.css'
import { DeviceTest } from './DeviceTest'
import { OtherDevices } from './OtherDevices'

const t = texts.push

export function DevicePush() {
  const query = usePushState()
  const [allowed, setAllowed] = useState(permission())
  if (query.isError) return <Text size="sm">{explain(query.error)}</Text>
  if (!query.data) return <Skeleton height={120} />
  return (
    <Stack gap="md">
      <PageNotices key={allowed} onAsked={() => setAllowed(permission())} />
      <Closed state={query.data} onAsked={() => setAllowed(permission())} />
      {allowed === 'denied' && (
        <Alert icon={<IconBellOff />} color="yellow" title={texts.denied.title}>
          {texts.denied[browserName(navigator.userAgent)]}
        </Alert>
      )}
    </Stack>
  )
}

function PageNotices({ onAsked }: { onAsked: () => void }) {
  const [on, setOn] = useState(wantsNotices)
  const turn = async (wanted: boolean) => {
    const may = !wanted || (await Notification.requestPermission()) === 'granted'
    keepNotices(wanted && may)
    setOn(wanted && may)
    onAsked()
  }
  if (!('Notification' in window)) return null
  return (
    <Switch
      label={texts.page.title}
      description={texts.page.help}
      checked={on}
      disabled={permission() === 'denied'}
      onChange={event => void turn(event.currentTarget.checked)}
    />
  )
}

function whyNot(state: PushState): string | null {
  const hand = isApple(navigator.userAgent, navigator.maxTouchPoints)
  if (hand && !isInstalled()) return t.appleFirst
  if (!window.isSecureContext) return t.insecure
  if (!state.available) return t.off
  return permission() === 'impossible' || !canHaveWorker() ? t.impossible : null
}

function Closed({ state, onAsked }: { state: PushState; onAsked: () => void }) {
  const me = useMe()
  const cache = useQueryClient()
  const mine = state.devices.find(each => each.id === keptDevice(me.id)) ?? null
  const reason = whyNot(state)
  const settled = () => cache.invalidateQueries({ queryKey: pushKey })
  const turn = useMutation({
    mutationFn: async (on: boolean) => {
      if (!on) {
        keepDevice(me.id, null)
        if (mine) await removeDevice(mine.id)
        await unsubscribe()
        return
      }
      const keys = await subscribe(state.public_key ?? '')
      onAsked()
      if (!keys) throw new Error(t.refused)
      keepDevice(me.id, await addDevice(keys))
    },
    onSettled: settled,
  })
  const choose = useMutation({
    mutationFn: async (wants: PushKind[]) => {
      const keys = await current(state.public_key ?? '')
      if (keys) keepDevice(me.id, await addDevice(keys, wants))
    },
    onSettled: settled,
  })
  return (
    <Stack gap="sm">
      <Switch
        label={t.title}
        description={reason ?? t.help}
        checked={mine !== null}
        disabled={reason !== null || permission() === 'denied' || turn.isPending}
        onChange={event => turn.mutate(event.currentTarget.checked)}
      />
      <Text size="sm" role="status" hidden={!turn.error && !choose.error}>
        {turn.error?.message === t.refused ? t.refused : explain(turn.error ?? choose.error)}
      </Text>
      {mine && reason === null && (
        <Stack gap="sm" className={classes.indent}>
          <Checkbox.Group
            label={t.which}
            value={choose.isPending ? choose.variables : mine.wants}
            onChange={wants => choose.mutate(wants as PushKind[])}
          >
            <Stack gap={8} mt={6}>
              {state.kinds.map(kind => (
                <Checkbox
                  key={kind}
                  value={kind}
                  label={texts.kinds[kind]}
                  description={kind === 'alert' ? t.alertsHint : undefined}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <DeviceTest id={mine.id} />
        </Stack>
      )}
      <OtherDevices devices={state.devices.filter(each => each !== mine)} />
    </Stack>
  )
}
