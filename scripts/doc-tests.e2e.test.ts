import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type DocTest,
  DocTestRun,
  docTestsOf,
  findDocTests,
  readable,
} from './doc-tests/doc-test-run.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

describe.skipIf(findDocTests(root).length === 0)('code blocks of READMEs', () => {
  const tests = findDocTests(root)
  let run: DocTestRun
  beforeAll(async () => {
    run = await DocTestRun.start(root, tests)
  })
  afterAll(() => run[Symbol.asyncDispose]())

  test.each(tests.map((block) => ({ ...block })))('$name', async (block) => {
    expect(run.typeErrors(block)).toEqual([])
    if (block.kind === 'types') return
    const { code, output } = await run.execute(block)
    expect(code, readable(root, output)).toBe(0)
  })
})

describe('the doc tests themselves', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(root, '.doc-tests-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** The one block of a README with this text. */
  async function blockOf(markdown: string): Promise<DocTest> {
    await writeFile(join(folder, 'README.md'), markdown)
    const [block] = docTestsOf(folder, 'README.md')
    if (block === undefined) throw new Error('no block found')
    return { ...block, readme: join(folder.slice(root.length + 1), 'README.md') }
  }

  test('a type error is found, with its line in the README', async () => {
    const block = await blockOf('# A\n\n```ts no-run\nconst a: number = "1"\n```\n')
    await using run = await DocTestRun.start(root, [block])
    expect(run.typeErrors(block)).toEqual([expect.stringMatching(/^line 4: error TS2322/)])
  })

  test('a block that fails is found, with its line in the README', async () => {
    const block = await blockOf(
      "text\n```ts\nimport assert from 'node:assert'\nassert(1 > 2)\n```\n",
    )
    await using run = await DocTestRun.start(root, [block])
    expect(run.typeErrors(block)).toEqual([])
    const { code, output } = await run.execute(block)
    expect(code).toBe(1)
    expect(readable(root, output)).toContain('README.md:4')
  })

  test('packages of the workspace resolve, and awaiting at the top works', async () => {
    const block = await blockOf("```ts\nconst m = await import('zod')\nif (!m.z) throw m\n```\n")
    await using run = await DocTestRun.start(root, [block])
    expect(run.typeErrors(block)).toEqual([])
    expect((await run.execute(block)).output).toBe('')
  })

  test('a shell block stops at its first failing line', async () => {
    const block = await blockOf('```sh test\nls\nfalse\necho reached\n```\n')
    await using run = await DocTestRun.start(root, [block])
    expect(await run.execute(block)).toMatchObject({ code: 1, output: '' })
  })
})
