/** Sizes of what users download, gzip; and what typed routes cost the compiler. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bundle } from '../test/browser.ts'

async function gzipBytes(module: string): Promise<number> {
  const files = await bundle(fileURLToPath(new URL(`../test/pages/${module}`, import.meta.url)))
  let bytes = 0
  for (const [name, code] of files) {
    if (name.endsWith('.js')) bytes += gzipSync(code, { level: 9 }).length
  }
  return bytes
}

describe('budgets', () => {
  test.each([
    ['budget-core.ts', 'core, injection, router and DOM', 7 * 1024],
    ['budget-lists.tsx', 'the same with keyed lists and the app that uses them', 9 * 1024],
    ['budget-graph.ts', 'the reactive graph alone', 2.5 * 1024],
    ['budget-forms.tsx', 'graph, DOM view, forms and table', 16 * 1024],
  ])('%s: %s', async (module, _what, limit) => {
    const bytes = await gzipBytes(module)
    console.info(`${module}: ${bytes} bytes gzip`)
    expect(bytes, `${module} has ${bytes} bytes`).toBeLessThanOrEqual(limit)
  })

  test('400 typed routes cost at most 100,000 instantiations', () => {
    const folder = mkdtempSync(fileURLToPath(new URL('../test/routes-', import.meta.url)))
    try {
      const count = (routes: number) => {
        const lines = Array.from(
          { length: routes },
          (_, at) => `
export const r${at} = route('/a${at}/:name/b/:id<int>/:tab<open|closed>', { query: { after: q.int(), tag: q.list() } })
export const h${at}: string = r${at}.href({ name: 'x', id: ${at}, tab: 'open' }, { after: 1 })
export const m${at}: number | undefined = r${at}.match(new URL('http://x.invalid/'))?.params.id`,
        )
        writeFileSync(
          join(folder, 'routes.ts'),
          `import { q } from '../../src/query.ts'\nimport { route } from '../../src/route-pattern.ts'\n${lines.join('\n')}`,
        )
        const options = { extends: '../../../../tsconfig.json', include: ['routes.ts'] }
        writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
        const tsc = join(
          createRequire(import.meta.url).resolve('typescript/package.json'),
          '../bin/tsc',
        )
        const { stdout } = spawnSync(
          process.execPath,
          [tsc, '--noEmit', '--extendedDiagnostics', '-p', folder],
          { encoding: 'utf8' },
        )
        const found = /Instantiations:\s+(\d+)/.exec(stdout)
        if (found === null || stdout.includes('error TS')) throw new Error(stdout)
        return Number(found[1])
      }
      const cost = count(400) - count(0)
      console.info(`400 typed routes: ${cost} instantiations`)
      expect(cost, `${cost} instantiations`).toBeLessThanOrEqual(100_000)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
