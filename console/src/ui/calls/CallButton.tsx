// A control of a call: icon over word, what it does now, its shortcut in the tooltip.

import { Loader, Tooltip } from '@mantine/core'
import type { ComponentType } from 'react'
import classes from './CallButton.module.css'

type Props = {
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>
  label: string
  shortcut?: string
  on?: boolean
  busy?: boolean
  disabled?: boolean
  tone?: 'danger' | 'warn'
  onClick: () => void
}

export function CallButton({ icon: Icon, label, shortcut, on, busy, disabled, tone, onClick }: Props) {
  return (
    <Tooltip label={shortcut ? `${label} (${shortcut})` : label} disabled={!shortcut}>
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
