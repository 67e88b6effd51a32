// Words as nodes: links, bold and lists of a very small subset of Markdown. Nothing is ever read as HTML.

import { h } from './dom'

const TOKEN = /\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|(https?:\/\/[^\s<>"]+|(?:mailto|tel):[^\s<>"]+)/g
const TAIL = /[.,;:!?)\]]+$/

export function paragraphs(text: string): Node[] {
  const made: Node[] = []
  let list: HTMLElement | null = null
  // An amount is not torn from its sign at the end of a line.
  for (const line of text.replace(/\$ (?=\d)/g, '$\u00a0').split('\n')) {
    const item = /^\s*[-•]\s+(.*)$/.exec(line)?.[1]
    if (item !== undefined) {
      if (!list) {
        list = h('ul', {})
        made.push(list)
      }
      list.append(h('li', {}, ...inline(item)))
      continue
    }
    list = null
    made.push(h('p', {}, ...inline(line)))
  }
  return made
}

function inline(text: string): Node[] {
  const made: Node[] = []
  let at = 0
  for (const found of text.matchAll(TOKEN)) {
    const [whole, bold, lightBold, address] = found
    made.push(document.createTextNode(text.slice(at, found.index)))
    at = found.index + whole.length
    if (address) {
      const href = address.replace(TAIL, '')
      made.push(h('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, href))
      made.push(document.createTextNode(address.slice(href.length)))
    } else made.push(h('strong', {}, bold ?? lightBold ?? ''))
  }
  made.push(document.createTextNode(text.slice(at)))
  return made
}
