// Beside every text file of the build, what it is when squeezed: servers hand these out as they are, which costs nothing
// at run time and allows the slowest and best setting.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const FOLDER = process.argv[2] ?? 'dist'
const TEXT = /\.(js|css|html|svg|json|webmanifest)$/
const LEAST = 500
const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } }

for (const entry of readdirSync(FOLDER, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXT.test(entry.name)) continue
  const path = join(entry.parentPath, entry.name)
  const text = readFileSync(path)
  if (text.length < LEAST) continue
  writeFileSync(`${path}.br`, brotliCompressSync(text, best))
  writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }))
}
