// Keeps a scrolling box at its end while one is there, also when the box or what is in it changes size.

import { useCallback, useEffect, useRef, useState } from 'react'

const NEAR = 80

export function useStickToEnd() {
  const box = useRef<HTMLDivElement>(null)
  const stick = useRef(true)
  const height = useRef(0)
  const [atEnd, setAtEnd] = useState(true)
  const toEnd = useCallback(() => {
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
    stick.current = true
    setAtEnd(true)
  }, [])
  const onScroll = useCallback(() => {
    const element = box.current
    if (!element) return
    // What has just grown (a picture that arrived) moved away from its end; nobody scrolled.
    const grown = element.scrollHeight > height.current
    if (stick.current && grown) return
    const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR
    stick.current = near
    setAtEnd(near)
  }, [])
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      height.current = element.scrollHeight
      if (stick.current) element.scrollTop = element.scrollHeight
    })
    observer.observe(element)
    if (element.firstElementChild) observer.observe(element.firstElementChild)
    return () => observer.disconnect()
  }, [])
  return { box, onScroll, atEnd, toEnd }
}
