// How good the connection is, from two looks at what the browser counts. Pure.

export type Quality = { grade: 'good' | 'fair' | 'poor'; lossPercent: number; jitterMs: number; roundTripMs: number }

export type Counts = { received: number; lost: number; jitterMs: number; roundTripMs: number }

type Stat = { type: string; kind?: string; nominated?: boolean; state?: string; [key: string]: unknown }

export function countsOf(stats: Iterable<Stat>): Counts {
  const counts: Counts = { received: 0, lost: 0, jitterMs: 0, roundTripMs: 0 }
  for (const stat of stats) {
    if (stat.type === 'inbound-rtp' && stat.kind === 'audio') {
      counts.received = number(stat.packetsReceived)
      counts.lost = number(stat.packetsLost)
      counts.jitterMs = Math.round(number(stat.jitter) * 1000)
    } else if (stat.type === 'candidate-pair' && stat.nominated && stat.state === 'succeeded') {
      counts.roundTripMs = Math.round(number(stat.currentRoundTripTime) * 1000)
    }
  }
  return counts
}

export function qualityOf(before: Counts, after: Counts): Quality {
  const lost = Math.max(0, after.lost - before.lost)
  const all = lost + Math.max(0, after.received - before.received)
  const lossPercent = all === 0 ? 0 : Math.round((lost / all) * 1000) / 10
  const { jitterMs, roundTripMs } = after
  const poor = lossPercent > 8 || roundTripMs > 450 || jitterMs > 90
  const fair = lossPercent > 2 || roundTripMs > 250 || jitterMs > 40
  return { grade: poor ? 'poor' : fair ? 'fair' : 'good', lossPercent, jitterMs, roundTripMs }
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
