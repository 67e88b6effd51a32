import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { keys } from '../api/keys'
import { useLive } from '../api/live-context'
import { signOut } from '../api/session'
import { forgetDrafts } from './drafts'

export function useSignOut(): () => Promise<void> {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const { feed } = useLive()
  return async () => {
    await signOut()
    forgetDrafts()
    feed.stop()
    await navigate({ to: '/entrar' })
    cache.clear()
    cache.setQueryData(keys.me, null)
  }
}
