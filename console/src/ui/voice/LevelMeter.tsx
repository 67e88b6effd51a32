// The microphone's level, drawn past React, as often as the screen.

import { useEffect, useRef } from 'react'
import { texts } from '../../texts'
import classes from './Voice.module.css'
import { useVoice } from './voice-context'

export function LevelMeter() {
  const voice = useVoice()
  const bar = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    let frame = 0
    let shown = 0
    const draw = () => {
      const level = Math.min(1, Math.sqrt(voice.level()) * 1.8)
      shown = Math.max(level, shown * 0.9)
      bar.current?.style.setProperty('--level', shown.toFixed(3))
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => cancelAnimationFrame(frame)
  }, [voice])
  return (
    <span className={classes.track} role="img" aria-label={texts.voice.level}>
      <span className={classes.level} ref={bar} />
    </span>
  )
}
