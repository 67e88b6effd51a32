// The chat for other people's sites, apart from the console: its loader is one classic script, its page has few parts.

import { defineConfig } from 'vite'

export default defineConfig(({ mode }) => ({
  publicDir: false,
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    ...(mode === 'loader'
      ? {
          lib: {
            entry: 'widget/loader.ts',
            formats: ['iife' as const],
            name: 'relevoChatLoader',
            fileName: () => 'widget.js',
          },
        }
      : { rollupOptions: { input: 'widget/frame.html' } }),
  },
}))
