import type { Mode } from '../../api/schema'
import { texts } from '../../texts'

export function modeHelp(mode: Mode): string {
  const t = texts.house.mode
  if (mode.mode === 'normal') return t.normalHelp
  if (mode.mode === 'manual') return t.manualHelp
  return mode.selling ? t.degradedSells : t.degradedHelp
}
