import type { Plugin, Rolldown } from 'vite'

export const groups: Rolldown.CodeSplittingGroup[]
export const chunkFileNames: (chunk: Rolldown.PreRenderedChunk) => string
export function usedStyles(): Plugin
export function preloads(): Plugin
