// Playing a recording through a link that lasts minutes: asked for at the first play, and again when it has expired, at
// the place where one was.

import { useCallback, useEffect, useRef, useState } from 'react'
import { recordingLink } from '../../api/recordings'
import { clampTime } from './wave'

export type PlayerTrouble = 'failed' | 'expired' | null

export function usePlayer(id: string, length: number) {
  const audio = useRef<HTMLAudioElement>(null)
  const wanted = useRef(0)
  const linked = useRef(false)
  const [at, setAt] = useState(0)
  const [playing, setPlaying] = useState(false)
  const [loading, setLoading] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [trouble, setTrouble] = useState<PlayerTrouble>(null)
  const [error, setError] = useState<unknown>(null)

  const play = useCallback(async () => {
    const element = audio.current
    if (!element) return
    setTrouble(null)
    try {
      if (!linked.current) {
        setLoading(true)
        // Not every browser plays Opus in Ogg; all of them play WAV.
        const format = element.canPlayType('audio/ogg; codecs=opus') ? 'opus' : 'wav'
        const link = await recordingLink(id, { format, rate: 8000 })
        linked.current = true
        element.src = link.url
        element.currentTime = wanted.current
      }
      await element.play()
    } catch (problem) {
      if (problem instanceof DOMException && problem.name === 'AbortError') return
      linked.current = false
      setError(problem)
      setTrouble('failed')
    } finally {
      setLoading(false)
    }
  }, [id])

  const toggle = useCallback(() => {
    if (audio.current && !audio.current.paused) audio.current.pause()
    else void play()
  }, [play])

  const seek = useCallback(
    (seconds: number) => {
      const to = clampTime(seconds, length)
      wanted.current = to
      setAt(to)
      if (audio.current && linked.current) audio.current.currentTime = to
    },
    [length],
  )

  useEffect(() => {
    if (audio.current) audio.current.playbackRate = speed
  }, [speed])

  const bind = {
    ref: audio,
    preload: 'none' as const,
    onPlay: () => {
      if (audio.current) audio.current.playbackRate = speed
      setPlaying(true)
    },
    onPause: () => setPlaying(false),
    onEnded: () => setPlaying(false),
    onTimeUpdate: () => {
      const now = audio.current?.currentTime ?? 0
      wanted.current = now
      setAt(now)
    },
    onError: () => {
      if (!linked.current) return
      linked.current = false
      setPlaying(false)
      setTrouble('expired')
    },
  }
  return { at, playing, loading, speed, trouble, error, setSpeed, play, toggle, seek, bind }
}
