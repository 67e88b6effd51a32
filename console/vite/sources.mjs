// Which modules a source file really brings in: of a library's index only what is named, since the rest is shaken off.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
export const SOURCES = join(ROOT, 'src')
export const MANTINE = join(ROOT, 'node_modules/@mantine/core')
const INDEXES = {
  '@mantine/core': join(MANTINE, 'esm/index.mjs'),
  '@tabler/icons-react': join(ROOT, 'node_modules/@tabler/icons-react/dist/esm/tabler-icons-react.mjs'),
}
export const INDEX_FILES = new Set(Object.values(INDEXES))
const NAMED = /(?:import|export) \{([^}]*)\} from ["'](\.[^"']+)["']/g

const places = new Map()

/** Where each name of a library's index comes from. */
function placesOf(library) {
  const known = places.get(library)
  if (known) return known
  const index = INDEXES[library]
  const found = new Map()
  for (const [, names, path] of readFileSync(index, 'utf8').matchAll(NAMED))
    for (const name of names.split(',')) found.set(name.trim().split(' as ').pop(), join(dirname(index), path))
  places.set(library, found)
  return found
}

/** Modules of libraries that a source file names. */
export function named(path) {
  if (!path.startsWith(SOURCES) || !existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  return Object.keys(INDEXES).flatMap(library =>
    [...text.matchAll(new RegExp(`import \\{([^}]*)\\} from '${library}'`, 'g'))]
      .flatMap(([, names]) => names.split(','))
      .map(name => placesOf(library).get(name.trim().split(' as ')[0]))
      .filter(Boolean),
  )
}

export function sourceFiles() {
  return readdirSync(SOURCES, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
}
