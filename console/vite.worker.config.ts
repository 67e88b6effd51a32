// The console's service worker: one classic script under an address that never changes. It is built after the console,
// because it knows the files of its shell; a build that differs in any file is another worker.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'

declare const process: { env: Record<string, string | undefined> }

const FOLDER = process.env.CONSOLE_DIST ?? 'dist'
const FIXED = ['/scheme.js', '/icon.svg', '/manifest.webmanifest', '/icons/192.png', '/icons/badge.png']

export default defineConfig(() => {
  const page = readFileSync(join(FOLDER, 'index.html'), 'utf8')
  const first = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(found => found[1] ?? '')
  const frame = JSON.parse(readFileSync(join(FOLDER, 'preload.json'), 'utf8')) as Record<string, string[]>
  const shell = [...new Set([...first, ...(frame.desk ?? []).filter(each => each.startsWith('/assets/')), ...FIXED])]
  const build = createHash('sha256').update(page).update(shell.join()).digest('hex').slice(0, 12)
  return {
    publicDir: false as const,
    define: { __BUILD__: JSON.stringify(build), __SHELL__: JSON.stringify(shell) },
    build: {
      outDir: FOLDER,
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry: 'worker/worker.ts', formats: ['iife' as const], name: 'relevoWorker', fileName: () => 'sw.js' },
    },
  }
})
