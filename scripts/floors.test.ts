import { expect, test } from 'vitest'
import { checkFloors } from './floors.ts'

/** A workspace that keeps the rules, with files added or replaced. */
function workspace(files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const manifest = (name: string, more: object = {}) =>
    JSON.stringify({ name, exports: { '.': './src/index.ts', './deep': './src/deep.ts' }, ...more })
  return new Map(
    Object.entries({
      'packages/entity/package.json': manifest('@typestead/entity', {
        dependencies: { zod: '^4' },
      }),
      'packages/channels/package.json': manifest('@typestead/channels', {
        exports: { '.': './src/index.ts', './threads': './src/threads.ts' },
      }),
      'packages/store/package.json': manifest('@typestead/store', {
        dependencies: { '@typestead/entity': '0.1.0', pg: '^8' },
        devDependencies: { '@typestead/journal': '0.1.0', '@types/pg': '^8' },
      }),
      'packages/journal/package.json': manifest('@typestead/journal'),
      'packages/graphql/package.json': manifest('@typestead/graphql', {
        dependencies: { '@typestead/store': '0.1.0' },
        peerDependencies: { graphql: '^17' },
      }),
      'apps/shop/package.json': manifest('shop', {
        dependencies: { '@typestead/graphql': '0.1.0' },
      }),
      ...files,
    }),
  )
}

const messages = (files: Readonly<Record<string, string>>) =>
  checkFloors(workspace(files)).map(
    ({ file, line, message }) => `${file}${line === undefined ? '' : `:${line}`} ${message}`,
  )

test('a workspace that keeps the rules is accepted', () => {
  const found = messages({
    'packages/entity/src/index.ts': `export * from './field.ts'\nimport { z } from 'zod'`,
    'packages/store/src/index.ts': `import { x } from '@typestead/entity'\nimport pg from 'pg'\nimport 'node:fs'`,
    'packages/graphql/src/index.ts': `import type { Db } from '@typestead/store/deep'\nimport 'graphql'`,
    'packages/graphql/src/self.test.ts': `import '@typestead/graphql'`,
    'apps/shop/src/main.ts': `import '@typestead/graphql'`,
  })
  expect(found).toEqual([])
})

test('a higher floor is refused', () => {
  expect(messages({ 'packages/entity/src/a.ts': `\nimport '@typestead/store'` })).toEqual([
    'packages/entity/src/a.ts:2 @typestead/entity (floor 0) may not import @typestead/store (floor 1); only lower floors',
  ])
})

test('the own floor is refused to sources, type-only imports too', () => {
  expect(
    messages({ 'packages/store/src/a.ts': `import type { J } from '@typestead/journal'` }),
  ).toEqual([expect.stringContaining('may not import @typestead/journal (floor 1)')])
})

test.each(['src/a.test.ts', 'src/a.e2e.test.ts', 'bench/a.bench.ts', 'test/helper.ts'])(
  'the own floor is open to %s',
  (file) => {
    expect(messages({ [`packages/store/${file}`]: `import '@typestead/journal'` })).toEqual([])
  },
)

test('a higher floor is refused to tests too', () => {
  expect(messages({ 'packages/store/src/a.test.ts': `import '@typestead/graphql'` })).toEqual([
    expect.stringContaining('(floor 1) may not import @typestead/graphql (floor 2)'),
  ])
})

test('a path that is no key of exports is refused', () => {
  expect(
    messages({ 'packages/store/src/a.ts': `import '@typestead/entity/src/field.ts'` }),
  ).toEqual([
    'packages/store/src/a.ts:1 "@typestead/entity/src/field.ts" is no public entry: the "exports" of @typestead/entity have no "./src/field.ts"',
  ])
})

test('a package that package.json does not list is refused, of the workspace or not', () => {
  expect(
    messages({
      'packages/graphql/src/a.ts': `import '@typestead/entity'`,
      'packages/graphql/src/b.ts': `await import('hono/body-limit')`,
    }),
  ).toEqual([
    'packages/graphql/src/a.ts:1 imports "@typestead/entity", which packages/graphql/package.json does not list for use at run time',
    'packages/graphql/src/b.ts:1 imports "hono", which packages/graphql/package.json does not list for use at run time',
  ])
})

test('a devDependency is not enough for a source', () => {
  const manifest = JSON.stringify({ name: '@typestead/kube', devDependencies: { yaml: '^2' } })
  const found = messages({
    'packages/kube/package.json': manifest,
    'packages/kube/src/a.ts': `import 'yaml'`,
    'packages/kube/src/a.test.ts': `import 'yaml'`,
  })
  expect(found).toEqual([expect.stringContaining('packages/kube/src/a.ts:1 imports "yaml"')])
})

test('a devDependency is enough for a page that the build bundles, but must be listed', () => {
  const found = messages({
    'packages/kube/package.json': JSON.stringify({
      name: '@typestead/kube',
      devDependencies: { react: '^19' },
    }),
    'packages/kube/page/main.js': `import 'react'\nimport 'react-dom'`,
  })
  expect(found).toEqual([
    'packages/kube/page/main.js:2 imports "react-dom", which packages/kube/package.json does not list',
  ])
})

test('a manifest that lists a higher floor, or an app, is refused', () => {
  const manifest = JSON.stringify({
    name: '@typestead/nlu',
    dependencies: { '@typestead/store': '0.1.0' },
    devDependencies: { shop: '0.1.0' },
  })
  expect(messages({ 'packages/nlu/package.json': manifest })).toEqual([
    expect.stringContaining('(floor 0) lists @typestead/store (floor 1)'),
    expect.stringContaining('(floor 0) lists shop (floor Infinity)'),
  ])
})

test('a relative import that leaves its package, app or example is refused', () => {
  expect(
    messages({
      'packages/store/src/a.ts': `import '../../entity/src/field.ts'`,
      'apps/shop/src/a.ts': `new URL('../../../packages/entity/src/w.ts', import.meta.url)`,
    }),
  ).toEqual([
    'packages/store/src/a.ts:1 "../../entity/src/field.ts" leaves packages/store; import another package by its name',
    'apps/shop/src/a.ts:1 "../../../packages/entity/src/w.ts" leaves apps/shop; import another package by its name',
  ])
})

test("the workspace's tooling is open to tests and benches, closed to sources", () => {
  expect(
    messages({
      'packages/store/src/a.e2e.test.ts': `import { findTool } from '../../../scripts/tools.ts'`,
      'packages/store/bench/a.bench.ts': `import { suite } from '../../../bench/measure.ts'`,
      'packages/store/src/a.ts': `import { findTool } from '../../../scripts/tools.ts'`,
    }),
  ).toEqual([expect.stringContaining('packages/store/src/a.ts:1')])
})

test('a folder without a floor is refused', () => {
  expect(messages({ 'packages/utils/package.json': '{"name":"@typestead/utils"}' })).toEqual([
    'packages/utils/package.json packages/utils has no floor; give it one in scripts/floors.ts',
  ])
})

test('node: is refused anywhere in entity, but not in its tests', () => {
  expect(
    messages({
      'packages/entity/src/alone.ts': `import { join } from 'node:path'`,
      'packages/entity/src/alone.test.ts': `import { join } from 'node:path'`,
    }),
  ).toEqual([
    expect.stringContaining('packages/entity/src/alone.ts:1 @typestead/entity runs in browsers'),
  ])
})

test('node: is refused where a browser entry of channels leads, and free behind its entry for Node', () => {
  expect(
    messages({
      'packages/channels/src/index.ts': `export * from './core/chan.ts'`,
      'packages/channels/src/core/chan.ts': `import '../clock.ts'`,
      'packages/channels/src/clock.ts': `import 'node:timers'`,
      'packages/channels/src/threads.ts': `import 'node:worker_threads'`,
    }),
  ).toEqual([expect.stringContaining('packages/channels/src/clock.ts:1')])
})
