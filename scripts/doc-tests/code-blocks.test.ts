import { expect, test } from 'vitest'
import { codeBlocks } from './code-blocks.ts'

test('finds the blocks to run, each with the line of its fence', () => {
  const markdown = [
    '# Title',
    '```ts',
    "import assert from 'node:assert'",
    'assert(true)',
    '```',
    '```ts no-run',
    'const a = 1',
    '```',
    '```sh test',
    'true',
    '```',
  ].join('\n')
  expect(codeBlocks(markdown)).toEqual([
    { kind: 'ts', line: 2, code: "import assert from 'node:assert'\nassert(true)\n" },
    { kind: 'types', line: 6, code: 'const a = 1\n' },
    { kind: 'sh', line: 9, code: 'true\n' },
  ])
})

test('leaves other languages and unmarked shell blocks alone', () => {
  expect(codeBlocks('```sh\nnpm i\n```\n```json\n{}\n```\n```\nplain\n```\n`ts` inline')).toEqual(
    [],
  )
})

test('takes the indent of a list off, and fences inside longer fences as text', () => {
  const markdown = '- point\n  ```ts\n  if (a) {\n    b()\n  }\n  ```\n````md\n```ts\nno\n```\n````'
  expect(codeBlocks(markdown)).toEqual([{ kind: 'ts', line: 2, code: 'if (a) {\n  b()\n}\n' }])
})

test('refuses a block that is never closed', () => {
  expect(() => codeBlocks('text\n```ts\nconst a = 1')).toThrow('the code block of line 2')
})
