import { Tooltip } from '@mantine/core'
import type { ComponentType } from 'react'
import type { CommandId } from '../commands/commands'
import { useShortcutNames, withShortcut } from '../commands/keymap'
import classes from './CallBar.module.css'

type Props = {
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>
  label: string
  command?: CommandId
  on?: boolean
  busy?: boolean
  disabled?: boolean
  onClick: () => void
}

export function BarButton({ icon: Icon, label, command, on, busy, disabled, onClick }: Props) {
  const shortcut = useShortcutNames()(command)
  return (
    <Tooltip label={withShortcut(label, shortcut)} disabled={!shortcut}>
      <button
        type="button"
        className={classes.button}
        aria-pressed={on}
        aria-keyshortcuts={shortcut}
        aria-busy={busy}
        disabled={disabled}
        onClick={onClick}
      >
        <Icon size={19} stroke={1.8} aria-hidden />
        <span className={classes.word}>{label}</span>
      </button>
    </Tooltip>
  )
}
