// Which files a page will ask for once its script has run, written beside it (`preload.json`), so that the server can
// name them before: `entrar` is for who has to sign in, `desk` for everybody else, with the data of some sections.

import { join } from 'node:path'
import { DESK, MAIN, SIGN_IN } from './chunks.mjs'
import { SOURCES } from './sources.mjs'

const ME = '/api/auth/me'
const INBOX = ['/api/conversations?folder=all&limit=200']

export function preloads() {
  return {
    name: 'relevo:preloads',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(each => each.type === 'chunk')
      const start = new Set(filesOf(chunks, MAIN))
      const beyond = sources => filesOf(chunks, sources).filter(name => !start.has(name))
      const source = JSON.stringify({
        entrar: beyond(SIGN_IN),
        desk: [...beyond(DESK), ME],
        'data/bandeja': INBOX,
        'data/c': INBOX,
      })
      this.emitFile({ type: 'asset', fileName: 'preload.json', source })
    },
  }
}

function filesOf(chunks, sources) {
  const ids = new Set(sources.map(path => join(SOURCES, path)))
  const found = new Set()
  const styles = new Set()
  const todo = chunks.filter(chunk => ids.has(chunk.facadeModuleId) || chunk.moduleIds.some(id => ids.has(id)))
  while (todo.length > 0) {
    const chunk = todo.pop()
    if (found.has(chunk.fileName)) continue
    found.add(chunk.fileName)
    for (const sheet of chunk.viteMetadata?.importedCss ?? []) styles.add(sheet)
    todo.push(...chunks.filter(each => chunk.imports.includes(each.fileName)))
  }
  return [...styles, ...found].map(name => `/${name}`)
}
