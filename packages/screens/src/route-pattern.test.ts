import { describe, expect, expectTypeOf, test } from 'vitest'
import { q } from './query.ts'
import { route } from './route-pattern.ts'

const at = (path: string) => new URL(path, 'http://x.invalid')

describe('typed routes', () => {
  const message = route('/inbox/:number/messages/:id<int>', {
    query: { after: q.int(), tag: q.list(), view: q.oneOf('list', 'table').default('list') },
  })

  test('an address comes back as what made it', () => {
    const href = message.href({ number: '+1 2/3', id: 4 }, { after: 3, tag: ['a', 'b c'] })
    expect(href).toBe('/inbox/%2B1%202%2F3/messages/4?after=3&tag=a&tag=b+c')
    const match = message.match(at(href))
    expect(match).toEqual({
      params: { number: '+1 2/3', id: 4 },
      query: { after: 3, tag: ['a', 'b c'], view: 'list' },
    })
    expectTypeOf(match?.params).toEqualTypeOf<
      { readonly number: string; readonly id: number } | undefined
    >()
    expectTypeOf(match?.query.view).toEqualTypeOf<'list' | 'table' | undefined>()
  })

  test('wrong parameters do not compile, and do not make addresses', () => {
    // @ts-expect-error id is missing
    expect(() => message.href({ number: '1' })).toThrow(
      expect.objectContaining({ code: 'ROUTE_PARAMETER' }),
    )
    // @ts-expect-error id is a number
    expect(() => message.href({ number: '1', id: 'x' })).toThrow(/"x" is no value for :id<int>/)
    // @ts-expect-error there is no such parameter
    expect(message.href({ number: '1', id: 1 }, { before: 3 })).toBe('/inbox/1/messages/1')
  })

  test('an address of another shape is no match; a query that does not parse is absent', () => {
    expect(message.match(at('/inbox/1/messages/x'))).toBeUndefined()
    expect(message.match(at('/inbox/1/messages'))).toBeUndefined()
    expect(message.match(at('/inbox/1/messages/2/3'))).toBeUndefined()
    expect(message.match(at('/inbox/%zz/messages/2'))).toBeUndefined()
    expect(message.match(at('/inbox/1/messages/2/?after=x&view=map'))?.query).toEqual({
      after: undefined,
      tag: undefined,
      view: 'list',
    })
  })

  test('choices, ids and the rest', () => {
    const issue = route('/issues/:state<open|closed>/:id<uuid>')
    const id = '0190a6e0-0000-7000-8000-00000000000a'
    expect(issue.match(at(`/issues/open/${id.toUpperCase()}`))?.params).toEqual({
      state: 'open',
      id,
    })
    expect(issue.match(at(`/issues/new/${id}`))).toBeUndefined()
    expectTypeOf(issue.href).parameter(0).toEqualTypeOf<{
      readonly state: 'open' | 'closed'
      readonly id: string
    }>()
    const files = route('/files/*path')
    expect(files.match(at(files.href({ path: 'a b/c' })))?.params).toEqual({ path: 'a b/c' })
    expect(route('/').href()).toBe('/')
  })

  test.each(['inbox', '/a/:id<', '/a/*rest/b', '/:id/:id'])('refuses the pattern %s', (pattern) => {
    expect(() => route(pattern)).toThrow(expect.objectContaining({ code: 'ROUTE_PATTERN' }))
  })
})
