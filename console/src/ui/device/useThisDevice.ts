// What a device that somebody works at does by itself: the worker, notifications that lead here, and saying to the server
// that this browser is still there, at the sign-in that it has now.

import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { addDevice, pushState, removeDevice } from '../../api/push'
import { useMe } from '../../api/session'
import { current, keepDevice, keptDevice } from '../../device/push'
import { startWorker } from '../../device/worker'

export function useThisDevice(): void {
  const navigate = useNavigate()
  const { id } = useMe()
  useEffect(() => {
    startWorker(link => void navigate({ href: link }))
  }, [navigate])
  useEffect(() => {
    if (id && keptDevice(id)) void sayHello(id).catch(() => null)
  }, [id])
}

async function sayHello(staff: string): Promise<void> {
  const { available, public_key: key } = await pushState()
  if (!available || !key) return
  const keys = await current(key)
  if (keys) {
    keepDevice(staff, await addDevice(keys))
    return
  }
  const gone = keptDevice(staff)
  keepDevice(staff, null)
  if (gone) await removeDevice(gone)
}
