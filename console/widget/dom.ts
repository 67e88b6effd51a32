// Making elements. Texts become text nodes; nothing here takes HTML.

type Props = {
  [name: string]: string | number | boolean | null | undefined | ((event: never) => void)
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props,
  ...children: (Node | string | null | undefined | false)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') made.addEventListener(name.slice(2).toLowerCase(), value as EventListener)
    else made.setAttribute(name, value === true ? '' : String(value))
  }
  made.append(...children.filter(child => child !== null && child !== undefined && child !== false))
  return made
}

const SVG = 'http://www.w3.org/2000/svg'
const ICONS = {
  bot: 'M12 3v3M7 6h10a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3V9a3 3 0 0 1 3-3zM9 11v2M15 11v2M9.5 16h5',
  person: 'M4 14v-2a8 8 0 0 1 16 0v2M4 14h3v5H6a2 2 0 0 1-2-2zM20 14h-3v5h1a2 2 0 0 0 2-2zM18 19c0 1.5-2 2-5 2',
  close: 'M6 9l6 6 6-6',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  phone: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2',
  hangUp: 'M3 14c5-5 13-5 18 0l-2.5 2.5-4-1.5v-2.500a9 9 0 0 0-5 0V15l-4 1.500z',
  clip: 'M15 7l-6.500 6.500a1.500 1.500 0 0 0 3 3L18 10a3 3 0 0 0-6-6l-6.500 6.500a4.500 4.500 0 0 0 9 9L21 13',
  send: 'M4.700 12H12M4.700 12L3 4l18 8-18 8z',
  mic: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5 11a7 7 0 0 0 14 0M12 18v3M9 21h6',
  trash: 'M4 7h16M10 11v6M14 11v6M6 7l1 12a2 2 0 0 0 2 2h6a2 2 0 0 0 2-2l1-12M9 7V4h6v3',
  mail: 'M3 6h18v12H3zM3 7l9 6 9-6',
  flag: 'M5 5v16M5 5c4-3 9 3 14 0v9c-5 3-10-3-14 0',
  file: 'M14 3v4h4M6 3h8l4 4v14H6z',
  alert: 'M12 8v5M12 16h.01M12 3l10 18H2z',
  back: 'M15 6l-6 6 6 6',
  star: 'M12 3l2.800 5.700 6.200.9-4.500 4.400 1.100 6.200L12 17.300l-5.600 2.900 1.100-6.200L3 9.600l6.200-.9z',
}

export function icon(name: keyof typeof ICONS): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `icon icon-${name}`)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', ICONS[name])
  svg.append(path)
  return svg
}
