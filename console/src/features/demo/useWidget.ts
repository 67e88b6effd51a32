// The chat as any site has it: put on the page by its script tag, and taken off when one leaves.

import { useEffect } from 'react'

export const SCRIPT = '/widget.js'

type Api = { ask: (text: string) => void; remove: () => void }

export function widget(): Api | undefined {
  return (window as { RelevoChat?: Api }).RelevoChat
}

export function useWidget(): void {
  useEffect(() => {
    const tag = document.createElement('script')
    tag.src = SCRIPT
    tag.async = true
    tag.dataset.key = 'default'
    tag.dataset.open = 'true'
    document.body.append(tag)
    return () => {
      tag.remove()
      widget()?.remove()
    }
  }, [])
}
