// Files of rows, taken a piece at a time: how much has come is known, and one can stop.

import { useEffect, useRef, useState } from 'react'
import { answer } from './client'
import { type Format, type Period, query } from './reports'

export type Taking = { state: 'idle' | 'taking' | 'cancelled' | 'failed'; bytes: number; error: unknown }

const IDLE: Taking = { state: 'idle', bytes: 0, error: null }

/** `what`: a kind of rows, or `figures/{key}` for what a figure is made of. */
export function useTaking() {
  const [taking, setTaking] = useState<Taking>(IDLE)
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])
  const take = async (what: string, format: Format, period: Period) => {
    stop.current?.abort()
    const mine = new AbortController()
    stop.current = mine
    setTaking({ ...IDLE, state: 'taking' })
    try {
      const pieces = await fetched(`/api/exports/${what}?${query(period, { format })}`, mine.signal, bytes =>
        setTaking({ ...IDLE, state: 'taking', bytes }),
      )
      keep(pieces, `${what.replace('figures/', '')}_${period.since}_${period.until}.${format}`)
      setTaking(IDLE)
    } catch (error) {
      if (stop.current === mine) setTaking({ ...IDLE, state: mine.signal.aborted ? 'cancelled' : 'failed', error })
    }
  }
  return { ...taking, take, cancel: () => stop.current?.abort() }
}

async function fetched(path: string, signal: AbortSignal, told: (bytes: number) => void): Promise<Blob> {
  const response = await answer(path, { signal })
  const pieces: BlobPart[] = []
  const reader = response.body?.getReader()
  let bytes = 0
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) return new Blob(pieces, { type: response.headers.get('content-type') ?? '' })
    pieces.push(value)
    bytes += value.byteLength
    told(bytes)
  }
}

function keep(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
