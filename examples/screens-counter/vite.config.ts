/** Two pages: the own view, and the same managers under React. JSX needs no plugin; each file names its runtime. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: at('.'),
  build: {
    modulePreload: { polyfill: false },
    rollupOptions: { input: { main: at('index.html'), react: at('react.html') } },
  },
})
