// The sound of a recording in two lanes, customer above and our side below, with what happened marked on it. One goes
// to a place by a click, a drag or the keys.

import {
  IconArrowBackUp,
  IconEar,
  IconFlag,
  IconHeadset,
  IconPlayerPause,
  IconPlayerPlay,
  IconShieldX,
  IconTransfer,
} from '@tabler/icons-react'
import { type KeyboardEvent, type PointerEvent, useMemo } from 'react'
import type { Marker, Peaks } from '../../api/schema'
import { texts } from '../../texts'
import { duration } from '../format'
import classes from './Player.module.css'
import { lanePath, timeAfterKey } from './wave'

const ICONS: Record<string, typeof IconFlag> = {
  takeover: IconHeadset,
  hand_back: IconArrowBackUp,
  hold: IconPlayerPause,
  resume: IconPlayerPlay,
  pause: IconPlayerPause,
  objection: IconShieldX,
  transfer: IconTransfer,
  listen: IconEar,
}

type Props = {
  peaks: Peaks | undefined
  seconds: number
  at: number
  markers: Marker[]
  onSeek: (seconds: number) => void
  onToggle: () => void
}

export function Wave({ peaks, seconds, at, markers, onSeek, onToggle }: Props) {
  const t = texts.recordings.player
  const share = seconds > 0 ? Math.min(1, at / seconds) : 0
  const seekTo = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    onSeek(((event.clientX - box.left) / box.width) * seconds)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const to = timeAfterKey(event.key, at, seconds)
    if (to === null && event.key !== ' ') return
    event.preventDefault()
    if (to === null) onToggle()
    else onSeek(to)
  }
  return (
    <div className={classes.waveBox}>
      <div className={classes.lanes} aria-hidden>
        <span>{t.customer}</span>
        <span>{t.ours}</span>
      </div>
      <div
        className={classes.wave}
        role="slider"
        tabIndex={0}
        aria-label={t.position}
        aria-valuemin={0}
        aria-valuemax={Math.round(seconds)}
        aria-valuenow={Math.round(at)}
        aria-valuetext={t.positionAt(duration(at), duration(seconds))}
        title={t.keys}
        onKeyDown={onKeyDown}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId)
          seekTo(event)
        }}
        onPointerMove={event => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event)
        }}
      >
        <Shapes peaks={peaks} />
        <div className={classes.played} style={{ clipPath: `inset(0 ${(1 - share) * 100}% 0 0)` }}>
          <Shapes peaks={peaks} />
        </div>
        <span className={classes.needle} style={{ left: `${share * 100}%` }} />
      </div>
      {markers.length > 0 && (
        <ul className={classes.markers} aria-label={t.markers}>
          {markers.map(marker => (
            <MarkerFlag
              key={`${marker.kind} ${marker.at_ms}`}
              marker={marker}
              seconds={seconds}
              onSeek={() => onSeek(marker.at_ms / 1000)}
            />
          ))}
        </ul>
      )}
    </div>
  )
}

function Shapes({ peaks }: { peaks: Peaks | undefined }) {
  const shapes = useMemo(
    () => ({ customer: lanePath(peaks?.customer ?? [], 25, 22), ours: lanePath(peaks?.ours ?? [], 75, 22) }),
    [peaks],
  )
  const width = Math.max(1, (peaks?.customer.length ?? 1) - 1)
  return (
    <svg className={classes.shapes} viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" aria-hidden>
      <path d={shapes.customer} className={classes.customer} />
      <path d={shapes.ours} className={classes.ours} />
    </svg>
  )
}

export function markerWord(marker: Marker): string {
  const word = texts.recordings.markers[marker.kind] ?? marker.kind
  return marker.name ? `${word} · ${marker.name}` : word
}

function MarkerFlag({ marker, seconds, onSeek }: { marker: Marker; seconds: number; onSeek: () => void }) {
  const Icon = ICONS[marker.kind] ?? IconFlag
  const share = seconds > 0 ? Math.min(1, marker.at_ms / 1000 / seconds) : 0
  const words = `${markerWord(marker)}, ${duration(marker.at_ms / 1000)}`
  return (
    <li style={{ left: `${share * 100}%` }}>
      <button type="button" className={classes.marker} aria-label={words} title={words} onClick={onSeek}>
        <Icon size={14} stroke={2} aria-hidden />
      </button>
    </li>
  )
}
