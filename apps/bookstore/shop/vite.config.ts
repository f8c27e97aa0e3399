/**
 * The shop's pages. JSX needs no plugin: each file names its runtime. The service worker is written last, when the names of all
 * files are known; in development it is not there. `npm run dev:shop` sends what is the server's to a shop on SHOP_SERVER.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
/** Host stays as the browser sent it: it has to be that of Origin. */
const target = process.env.SHOP_SERVER ?? 'http://127.0.0.1:4000'

export default defineConfig({
  root: at('.'),
  plugins: [serviceWorker()],
  build: {
    // The policy of the shop's pages allows files of its own only: nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/sessions', '/readyz'].map((path) => [path, { target, changeOrigin: false }]),
    ),
  },
})

/** Writes `service-worker.js` with the files that it keeps, and a name for them that changes when one of them does. */
function serviceWorker(): Plugin {
  return {
    name: 'shop-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle)
        .filter((name) => !name.endsWith('.map') && !name.endsWith('.html'))
        .map((name) => `/${name}`)
        .sort()
      const html = bundle['index.html']
      const page = html?.type === 'asset' ? String(html.source) : ''
      const version = createHash('sha256')
        .update(page)
        .update(files.join())
        .digest('hex')
        .slice(0, 12)
      const source = readFileSync(at('src/service-worker.js'), 'utf8')
        .replace("'{version}'", JSON.stringify(version))
        .replace("['{files}']", JSON.stringify(files))
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source })
    },
  }
}
