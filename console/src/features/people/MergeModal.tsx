// Asks once before two customers become one, and says that it can be taken back.

import { useNavigate } from '@tanstack/react-router'
import { useMerging } from '../../api/people'
import type { Customer } from '../../api/schema.people'
import { texts } from '../../texts'
import { ConfirmModal } from '../../ui/ConfirmModal'
import { explain } from '../../ui/StatePages'
import { customerName } from './customer'

const t = texts.people

type Props = { person: Customer; other: Customer | null; onClose: () => void; onDone: (said: string) => void }

export function MergeModal({ person, other, onClose, onDone }: Props) {
  const navigate = useNavigate()
  const merging = useMerging(person.id)
  const close = () => {
    merging.reset()
    onClose()
  }
  const merge = () => {
    if (!other) return
    merging.mutate(
      { change: 'merge', other: other.id },
      {
        onSuccess: fresh => {
          close()
          onDone(t.merged(customerName(fresh.person)))
          if (fresh.person.id !== person.id) void navigate({ to: '/clientes/$id', params: { id: fresh.person.id } })
        },
      },
    )
  }
  return (
    <ConfirmModal
      opened={other !== null}
      title={t.mergeTitle}
      help={other ? mergeHelp(person, other) : ''}
      confirm={t.merge}
      busy={merging.isPending}
      error={merging.error ? explain(merging.error) : null}
      onClose={close}
      onConfirm={merge}
    />
  )
}

function mergeHelp(person: Customer, other: Customer): string {
  const [kept, gone] = [customerName(person), customerName(other)]
  return kept === gone ? t.mergeSameNameHelp(kept) : t.mergeHelp(kept, gone)
}
