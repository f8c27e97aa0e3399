import { describe, expect, test } from 'vitest'
import { formatMarker, parseMarker } from './cluster-marker.ts'

describe('the marker of a cluster', () => {
  test('reads back as written', () => {
    const marker = { version: 1, runAs: { way: 'user', uid: 65534, gid: 65534 } } as const
    expect(parseMarker(formatMarker(marker))).toEqual(marker)
  })

  test('that is torn or another thing is none', () => {
    for (const text of ['', '{"version":1', '{}', 'null', '{"version":1,"runAs":{"way":"x"}}']) {
      expect(parseMarker(text)).toBeUndefined()
    }
  })

  test('of a newer format is refused', () => {
    expect(() => parseMarker('{"version":2}')).toThrow(/format 2/)
  })
})
