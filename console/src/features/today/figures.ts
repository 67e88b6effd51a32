// The figures of the day and the place where each is settled. Pure.

import type { Summary } from '../../api/schema'

export type FigureName = 'arrivals' | 'departures' | 'deposits' | 'holds' | 'waiting' | 'alerts' | 'parked'

export type Figure = {
  name: FigureName
  value: number
  to: '/reservas' | '/senas' | '/bandeja' | null
  urgent: boolean
}

const PLACES: [FigureName, Figure['to'], boolean][] = [
  ['arrivals', '/reservas', false],
  ['departures', '/reservas', false],
  ['deposits', '/senas', true],
  ['waiting', '/bandeja', true],
  ['holds', '/reservas', false],
  ['parked', null, true],
]

/** A list counts its items; stopped work shows only when there is some. */
export function figures(summary: Summary): Figure[] {
  return PLACES.flatMap(([name, to, urgent]) => {
    const given = summary[name]
    const value = Array.isArray(given) ? given.length : given
    if (typeof value !== 'number' || (name === 'parked' && value === 0)) return []
    return [{ name, value, to, urgent: urgent && value > 0 }]
  })
}
