import { describe, expect, test } from 'vitest'
import { planLinks } from './link-plan.ts'

const list = (...entries: unknown[]) => JSON.stringify(entries)

describe('planLinks', () => {
  test('turns paths from the package root into links beside their files', () => {
    const text = list(
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
      { source: 'native/share/zone/UTC', target: 'native/lib/zone/UCT' },
    )
    expect(planLinks(text)).toEqual([
      { at: 'lib/libpq.so.5', to: 'libpq.so.5.18' },
      { at: 'lib/zone/UCT', to: '../../share/zone/UTC' },
    ])
  })

  test('reads backslashes, as a list made on Windows would have', () => {
    const text = list({ source: 'native\\lib\\a.dll', target: 'native\\lib\\b.dll' })
    expect(planLinks(text)).toEqual([{ at: 'lib/b.dll', to: 'a.dll' }])
  })

  test('an empty list needs no links', () => {
    expect(planLinks('[]')).toEqual([])
  })

  test.each([
    ['a target outside', list({ source: 'native/a', target: 'native/../../b' })],
    ['a source outside', list({ source: '/etc/passwd', target: 'native/b' })],
    ['the folder itself', list({ source: 'native/a', target: 'native/' })],
    ['a missing target', list({ source: 'native/a' })],
    ['an entry that is no object', list('native/a')],
    ['another shape', '{}'],
    ['no JSON', '['],
  ])('refuses %s', (_, text) => {
    expect(() => planLinks(text)).toThrow(
      expect.objectContaining({ code: 'EMBEDDED_BINARIES_UNUSABLE' }),
    )
  })
})
