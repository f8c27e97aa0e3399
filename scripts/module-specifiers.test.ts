import { expect, test } from 'vitest'
import { moduleSpecifiers } from './module-specifiers.ts'

const names = (source: string) => moduleSpecifiers(source).map((found) => found.specifier)

test.each([
  [`import { a } from 'a'`, ['a']],
  [`import type { A } from "a"`, ['a']],
  [`import 'side-effect'`, ['side-effect']],
  [`import a, * as b from './b.ts'`, ['./b.ts']],
  [`import data from './d.json' with { type: 'json' }`, ['./d.json']],
  [`export * from './all.ts'\nexport { x as y } from './x.ts'`, ['./all.ts', './x.ts']],
  ['const m = await import("lazy"); await import(`lazy2`)', ['lazy', 'lazy2']],
  [`type T = typeof import('./types.ts')`, ['./types.ts']],
  [`const r = require('old'); require.resolve('older')`, ['old', 'older']],
  [`import.meta.resolve('found')`, ['found']],
  [`new URL('./worker.ts', import.meta.url)`, ['./worker.ts']],
])('names the modules of %s', (source, expected) => {
  expect(names(source)).toEqual(expected)
})

test.each([
  [`// import 'no'`],
  [`/* import 'no'\n * export * from 'no' */`],
  ['const text = "import x from \'no\'"'],
  ["const text = `import 'no'\nexport * from 'no' ${1}`"],
  [`const pattern = /from 'no'|["']/g`],
  [`loader.import('no'); page.require('no'); path.resolve('no')`],
  [`new URL('http://no/', base)`],
])('names nothing in %s', (source) => {
  expect(names(source)).toEqual([])
})

test('code inside a template counts, whatever braces stand around it', () => {
  expect(names("`a ${await import('b')} { ${`${{ c: 1 }.c}`} }`; import 'd'")).toEqual(['b', 'd'])
})

test('a division is not a regular expression', () => {
  expect(names(`const half = total / 2; import('a'); const third = (x) / 3 / '1'`)).toEqual(['a'])
})

test('an apostrophe in JSX text hides nothing after its line', () => {
  expect(names(`const a = <p>Don't</p>\nimport 'b'`)).toEqual(['b'])
})

test('lines are counted from one, through comments and templates', () => {
  const source = "/*\n*/\n`\n${1}\n`\nimport 'a'"
  expect(moduleSpecifiers(source)).toEqual([{ specifier: 'a', line: 6 }])
})
