/**
 * The console's build. JSX needs no plugin; each file names its runtime. `npm start` serves it with reload beside a
 * workbench that runs, whose address is `TYPESTEAD_WORKBENCH`.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// The Host header stays, since the workbench compares it with where a page came from.
const proxy = {
  '/_typestead': {
    target: process.env.TYPESTEAD_WORKBENCH ?? 'http://127.0.0.1:4001',
    changeOrigin: false,
  },
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    target: 'esnext',
    modulePreload: { polyfill: false },
    // Charts come in a chunk of their own, with its style sheet.
    chunkSizeWarningLimit: 120,
  },
  server: { host: '127.0.0.1', proxy },
  preview: { host: '127.0.0.1', proxy },
})
