import { ActionIcon } from '@mantine/core'
import { IconPaperclip } from '@tabler/icons-react'
import { useRef } from 'react'
import { SENT_TYPES } from '../../api/attachments'

type Props = { label: string; disabled?: boolean; size?: number; onFile: (file: File | undefined) => void }

export function FilePicker({ label, disabled = false, size = 40, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={size}
        radius="xl"
        disabled={disabled}
        aria-label={label}
        title={label}
        onClick={() => input.current?.click()}
      >
        <IconPaperclip size={20} stroke={1.8} />
      </ActionIcon>
      <input
        ref={input}
        type="file"
        accept={SENT_TYPES}
        hidden
        onChange={event => {
          onFile(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}
