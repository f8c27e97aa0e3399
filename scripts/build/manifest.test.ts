import { expect, test } from 'vitest'
import { entryFiles, publishedManifest } from './manifest.ts'

test('exports name declarations and JavaScript, conditions included', () => {
  const exports = {
    '.': './src/index.ts',
    './view': { browser: './src/view.tsx', default: './src/view-node.ts' },
    './style.css': './assets/style.css',
    './package.json': './package.json',
  }
  expect(publishedManifest({ exports })).toEqual({
    exports: {
      '.': { types: './src/index.d.ts', default: './src/index.js' },
      './view': {
        browser: { types: './src/view.d.ts', default: './src/view.js' },
        default: { types: './src/view-node.d.ts', default: './src/view-node.js' },
      },
      './style.css': './assets/style.css',
      './package.json': './package.json',
    },
  })
})

test('one string of exports, and bin', () => {
  expect(
    publishedManifest({ exports: './src/index.ts', bin: { a: './bin/a.ts', b: './bin/b.js' } }),
  ).toEqual({
    exports: { types: './src/index.d.ts', default: './src/index.js' },
    bin: { a: './bin/a.js', b: './bin/b.js' },
  })
})

test('what is for the workspace only is left out, the rest stays as it is', () => {
  const kept = {
    name: 'a',
    dependencies: { zod: '^4' },
    peerDependenciesMeta: { b: { optional: true } },
  }
  const manifest = { ...kept, devDependencies: { c: '1' }, scripts: { build: 'x' }, files: ['src'] }
  expect(publishedManifest(manifest)).toEqual(kept)
})

test('the entry files are those that exports and bin name', () => {
  const exports = {
    '.': './src/index.ts',
    './x/*': './src/x/*.ts',
    './y': { default: './src/y.ts' },
  }
  expect(entryFiles({ exports, bin: './bin/a.js' })).toEqual([
    'src/index.ts',
    'src/y.ts',
    'bin/a.js',
  ])
})
