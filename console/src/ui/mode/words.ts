import type { Mode } from '../../api/schema'
import { es } from '../../texts/es'

export function modeHelp(mode: Mode): string {
  const t = es.house.mode
  if (mode.mode === 'normal') return t.normalHelp
  if (mode.mode === 'manual') return t.manualHelp
  return mode.selling ? t.degradedSells : t.degradedHelp
}
