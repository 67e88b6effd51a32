// Of Mantine's styles only those of components that the console can come to show, in the order of the whole sheet.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MANTINE, named, sourceFiles } from './sources.mjs'

const ALWAYS = ['baseline', 'default-css-variables', 'global']
const sheet = name => join(MANTINE, `styles/${name}.css`)

export function usedStyles() {
  return {
    name: 'relevo:used-styles',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (!id.split('?')[0].endsWith('@mantine/core/styles.css')) return null
      return [...ALWAYS, ...inOrder(styled())].map(name => readFileSync(sheet(name), 'utf8')).join('\n')
    },
  }
}

/** Components with a sheet of their own, reached from what the sources name. */
function styled() {
  const todo = sourceFiles()
    .flatMap(named)
    .filter(path => path.startsWith(MANTINE))
  const seen = new Set()
  const found = new Set()
  while (todo.length > 0) {
    const path = todo.pop()
    if (seen.has(path)) continue
    seen.add(path)
    const own = /(\w+)\.module\.mjs$/.exec(path)?.[1]
    if (own && existsSync(sheet(own))) found.add(own)
    for (const [, next] of readFileSync(path, 'utf8').matchAll(/from "(\.[^"]+)"/g)) todo.push(join(dirname(path), next))
  }
  return found
}

function inOrder(names) {
  const whole = readFileSync(join(MANTINE, 'styles.css'), 'utf8')
  const place = name => whole.indexOf(/\.m_\w+/.exec(readFileSync(sheet(name), 'utf8'))?.[0] ?? '')
  return [...names].sort((one, other) => place(one) - place(other))
}
