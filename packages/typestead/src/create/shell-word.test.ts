import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { shellWord } from './shell-word.ts'

it('a plain name stays as it is', () => {
  expect(shellWord('apps/my-shop_2.0', 'linux')).toBe('apps/my-shop_2.0')
})

it('a name with spaces is quoted as the system’s shell has it', () => {
  expect(shellWord('Foo Bar', 'linux')).toBe("'Foo Bar'")
  expect(shellWord('Foo Bar', 'win32')).toBe('"Foo Bar"')
})

it('a name that looks like an option is a path', () => {
  expect(shellWord('-p', 'linux')).toBe('./-p')
})

it.skipIf(process.platform === 'win32').each(["it's $HOME", '`a`;b', 'ü "x" \\', '*'])(
  '%s comes out of a shell as it went in',
  (name) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(name)}`], { encoding: 'utf8' })).toBe(
      name,
    )
  },
)
