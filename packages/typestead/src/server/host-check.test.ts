import { describe, expect, it } from 'vitest'
import { checkOrigin, isAllowedHost } from './host-check.ts'

describe('a Host', () => {
  it.each([
    '127.0.0.1:4000',
    'localhost',
    'LOCALHOST:1',
    'shop.localhost:4000',
    '[::1]:4000',
    '10.1.2.3',
    'own.example:80',
  ])('is answered: %s', (host) => expect(isAllowedHost(host, 'own.example', [])).toBe(true))

  it.each([
    null,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'a b',
    'own.example:x',
    'own.example/@localhost',
  ])('is not: %s', (host) => expect(isAllowedHost(host, 'own.example', [])).toBe(false))

  it('is answered when it is allowed, also with all names under it, or any', () => {
    expect(isAllowedHost('shop.example.com', '', ['.example.com'])).toBe(true)
    expect(isAllowedHost('shopexample.com', '', ['.example.com'])).toBe(false)
    expect(isAllowedHost('a.example', '', ['a.example'])).toBe(true)
    expect(isAllowedHost('anything.example', '', ['*'])).toBe(true)
  })
})

describe('an Origin', () => {
  const check = (
    method: string,
    origin: string | null,
    hasSession: boolean,
    host = '127.0.0.1:4000',
  ) => {
    const headers = origin === null ? {} : { origin }
    return () =>
      checkOrigin(new Request('http://127.0.0.1:4000/', { method, headers }), host, hasSession)
  }

  it('is not asked for what changes nothing', () => {
    expect(check('GET', 'https://evil.example', true)).not.toThrow()
    expect(check('HEAD', null, true)).not.toThrow()
  })

  it('must be ours where there is one, and must be there with a session', () => {
    expect(check('POST', null, false)).not.toThrow()
    expect(check('POST', null, true)).toThrow('needs the Origin header')
    expect(check('POST', 'http://127.0.0.1:4000', true)).not.toThrow()
    expect(check('POST', 'https://shop.example', true, 'shop.example')).not.toThrow()
    expect(check('DELETE', 'http://127.0.0.1:4001', true)).toThrow('another origin')
    expect(check('POST', 'null', false)).toThrow('another origin')
    expect(check('POST', 'file://127.0.0.1:4000', false)).toThrow('another origin')
    expect(check('POST', 'https://shop.example:444', true, 'shop.example')).toThrow(
      'another origin',
    )
  })
})
