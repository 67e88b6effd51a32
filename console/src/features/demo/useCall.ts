// The state of the visitor's call, for the page.

import { useCallback, useEffect, useRef, useState } from 'react'
import { BrowserCall, type CallEnd } from '../../audio/browserCall'
import { type CaptionLine, withCaption } from './captions'
import type { Saved } from './savedSession'

export type CallState = 'idle' | 'asking' | 'connecting' | 'live' | 'ended'

export function useCall(session: Saved | null) {
  const [state, setState] = useState<CallState>('idle')
  const [end, setEnd] = useState<CallEnd | null>(null)
  const [since, setSince] = useState(0)
  const [muted, setMuted] = useState(false)
  const [captions, setCaptions] = useState<CaptionLine[]>([])
  const call = useRef<BrowserCall | null>(null)
  /** Written fifty times a second, straight to the element, past React. */
  const meter = useRef<HTMLDivElement>(null)

  useEffect(() => () => call.current?.hangUp(), [])

  const dial = useCallback(() => {
    if (!session || call.current) return
    setCaptions([])
    setEnd(null)
    setMuted(false)
    const made = new BrowserCall(session, {
      onState: next => {
        setState(next)
        if (next === 'live') setSince(Date.now())
      },
      onLevel: level => meter.current?.style.setProperty('--level', String(Math.min(1, Math.sqrt(level) * 1.8))),
      onCaption: caption => setCaptions(lines => withCaption(lines, caption, Date.now())),
      onEnd: why => {
        call.current = null
        setEnd(why)
        setState('ended')
      },
    })
    call.current = made
    void made.dial()
  }, [session])

  const hangUp = useCallback(() => call.current?.hangUp(), [])
  const toggleMute = useCallback(() => {
    setMuted(was => {
      call.current?.mute(!was)
      return !was
    })
  }, [])
  return { state, end, since, muted, captions, meter, dial, hangUp, toggleMute }
}
