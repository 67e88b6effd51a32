// For screen readers: reads out what arrives while one is here, not what was there on arrival.

import { useEffect, useRef, useState } from 'react'

export function useAnnounce<T extends { id: string }>(latest: T | undefined, say: (item: T) => string) {
  const known = useRef(latest?.id)
  const [announcement, setAnnouncement] = useState('')
  useEffect(() => {
    if (!latest || latest.id === known.current) return
    if (known.current !== undefined) setAnnouncement(say(latest))
    known.current = latest.id
  }, [latest, say])
  return { announcement }
}
