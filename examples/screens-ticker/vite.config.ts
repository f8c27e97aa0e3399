/** JSX needs no plugin; each file names its runtime. The worker is a module. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: { modulePreload: { polyfill: false } },
  worker: { format: 'es' },
})
