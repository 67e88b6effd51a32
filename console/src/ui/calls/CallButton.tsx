// A control of a call: icon over word, what it does now, its shortcut in the tooltip.

import { Loader, Tooltip } from '@mantine/core'
import type { ComponentType } from 'react'
import type { CommandId } from '../commands/commands'
import { useShortcutNames, withShortcut } from '../commands/keymap'
import classes from './CallButton.module.css'

type Props = {
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>
  label: string
  command?: CommandId
  on?: boolean
  busy?: boolean
  disabled?: boolean
  tone?: 'danger' | 'warn'
  onClick: () => void
}

export function CallButton({ icon: Icon, label, command, on, busy, disabled, tone, onClick }: Props) {
  const shortcut = useShortcutNames()(command)
  return (
    <Tooltip label={withShortcut(label, shortcut)} disabled={!shortcut}>
      <button
        type="button"
        className={classes.button}
        data-tone={tone}
        aria-pressed={on}
        aria-keyshortcuts={shortcut}
        aria-busy={busy}
        disabled={disabled}
        onClick={onClick}
      >
        {busy ? <Loader size={20} color="currentColor" /> : <Icon size={21} stroke={1.7} aria-hidden />}
        <span>{label}</span>
      </button>
    </Tooltip>
  )
}
