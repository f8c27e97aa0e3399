/** How the page of GraphiQL is bundled: into the folder BUILD_OUT, with `packages.json`, the folders of what is in it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const outDir = process.env.BUILD_OUT
const folders = new Set()

const collector = {
  name: 'collect-packages',
  transform(_, id) {
    const file = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))
    if (file) folders.add(file[1])
    return null
  },
  closeBundle() {
    writeFileSync(join(outDir, 'packages.json'), JSON.stringify([...folders].sort()))
  },
}

export default {
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  logLevel: 'error',
  plugins: [collector],
  worker: { format: 'es', plugins: () => [collector] },
  build: {
    outDir,
    emptyOutDir: true,
    assetsDir: '.',
    modulePreload: false,
    rollupOptions: {
      input: fileURLToPath(new URL('./page.js', import.meta.url)),
      onLog: () => {},
      output: {
        entryFileNames: 'page.js',
        assetFileNames: ({ names }) =>
          names[0] === 'page.css' ? 'page.css' : '[name]-[hash][extname]',
      },
    },
  },
}
