// Taking a call and giving it back, with what to say when a colleague was quicker.

import { ApiError } from '../../api/client'
import { useControl } from '../../api/conversations'
import type { Call } from '../../api/schema'
import { texts } from '../../texts'

export function useTakeCall(call: Call) {
  const control = useControl(call.conversation_id)
  return {
    busy: control.isPending,
    error: control.error ? whyNot(control.error) : null,
    take: () => {
      if (!control.isPending) {
        control.mutate({ path: 'take_over', body: { control_version: call.control_version } })
      }
    },
    handBack: (note: string, done?: () => void) => {
      if (!control.isPending) control.mutate({ path: 'hand_back', body: { note } }, { onSettled: () => done?.() })
    },
  }
}

/** The server's own words where it has any; who was quicker, where somebody was. */
export function whyNot(error: unknown): string {
  if (!(error instanceof ApiError)) return texts.desk.failed
  if (error.code === 'control_taken') {
    const agent = error.details.agent as { name?: string | null } | undefined
    return agent?.name ? texts.control.taken(agent.name) : texts.control.takenUnknown
  }
  return error.status === 0 ? texts.errors.unreachable : error.message || texts.desk.failed
}
