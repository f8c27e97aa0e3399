import { describe, expect, test } from 'vitest'
import { initdbArguments } from './cluster.ts'

describe('initdbArguments', () => {
  test('sorts by code point on every platform, with checksums', () => {
    const args = initdbArguments('/d/postgres.init-1', 18)
    expect(args).toContain('--builtin-locale=C.UTF-8')
    expect(args).toContain('--data-checksums')
    expect(args).toContain('--auth=trust')
  })

  test('before 17 there is no built-in provider', () => {
    expect(initdbArguments('/d', 16).join(' ')).not.toContain('builtin')
  })

  test('with a password file: scram, never trust', () => {
    const args = initdbArguments('/d', 18, '/d/password')
    expect(args).toContain('--pwfile=/d/password')
    expect(args.join(' ')).not.toContain('trust')
  })
})
