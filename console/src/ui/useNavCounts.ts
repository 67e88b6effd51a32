import { useActiveCalls } from '../api/calls'
import { useOpenConversations } from '../api/conversations'

/** The two numbers worth a glance from anywhere: who waits for a person, and how many calls are on. */
export function useNavCounts(): { waiting: number; calls: number } {
  const open = useOpenConversations().data ?? []
  const calls = useActiveCalls().data ?? []
  return { waiting: open.filter(item => item.control === 'queued').length, calls: calls.length }
}
