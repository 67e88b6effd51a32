import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

declare const process: { env: Record<string, string | undefined> }

const server = `http://localhost:${process.env.PORT ?? '8000'}`

export default defineConfig({
  plugins: [react()],
  worker: { format: 'es' },
  build: { outDir: 'dist', assetsDir: 'assets', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    proxy: {
      '/api': { target: server, ws: true },
      '/browser-call': { target: server, ws: true },
      '/agent-voice-stream': { target: server, ws: true },
      '/recordings': server,
      '/health': server,
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
})
