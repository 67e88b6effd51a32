import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { keys } from '../api/keys'
import { useLive } from '../api/live-context'
import { signOut } from '../api/session'
import { undos } from '../api/undo'
import { useVoice } from './voice/voice-context'

export function useSignOut(): () => Promise<void> {
  const cache = useQueryClient()
  const navigate = useNavigate()
  const { feed } = useLive()
  const voice = useVoice()
  return async () => {
    await signOut()
    feed.stop()
    voice.suspend()
    await navigate({ to: '/entrar' })
    cache.clear()
    undos.clear()
    cache.setQueryData(keys.me, null)
  }
}
