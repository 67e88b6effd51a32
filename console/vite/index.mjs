export { chunkFileNames, groups } from './chunks.mjs'
export { preloads } from './preloads.mjs'
export { usedStyles } from './usedStyles.mjs'
