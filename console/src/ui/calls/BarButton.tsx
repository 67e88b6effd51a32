import { Tooltip } from '@mantine/core'
import type { ComponentType } from 'react'
import classes from './CallBar.module.css'

type Props = {
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>
  label: string
  shortcut?: string
  on?: boolean
  busy?: boolean
  disabled?: boolean
  onClick: () => void
}

export function BarButton({ icon: Icon, label, shortcut, on, busy, disabled, onClick }: Props) {
  return (
    <Tooltip label={shortcut ? `${label} (${shortcut})` : label} disabled={!shortcut}>
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
