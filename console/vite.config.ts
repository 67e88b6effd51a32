import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { chunkFileNames, groups, preloads, usedStyles } from './vite/index.mjs'

declare const process: { env: Record<string, string | undefined> }

const server = `http://localhost:${process.env.PORT ?? '8000'}`

export default defineConfig({
  plugins: [react(), usedStyles(), preloads()],
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { chunkFileNames, codeSplitting: { groups } } },
  },
  server: {
    proxy: {
      '/api': { target: server, ws: true },
      '/browser-call': { target: server, ws: true },
      '/agent-voice-stream': { target: server, ws: true },
      '/widget.js': server,
      '/widget/': { target: server, changeOrigin: false },
      '/chat/': { target: server, changeOrigin: false },
      '/ws/chat': { target: server, ws: true },
      '/recordings': server,
      '/health': server,
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
})
