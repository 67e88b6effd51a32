import { useActiveCalls } from '../api/calls'
import { useOpenConversations } from '../api/conversations'

/** The numbers worth a glance from anywhere: who waits for a person, how many calls are on, who asks for help. */
export function useNavCounts(): { waiting: number; calls: number; helps: number } {
  const open = useOpenConversations().data ?? []
  const calls = useActiveCalls().data ?? []
  return {
    waiting: open.filter(item => item.control === 'queued').length,
    calls: calls.length,
    helps: calls.filter(call => call.voice?.help).length,
  }
}
