/** Understanding by a Rasa server: what it fills in, and what a server that fails makes of a message. */
import { describe, expect, test } from 'vitest'
import { FakeServer } from '../../test/fakes/far-side.ts'
import type { BotkitMessage } from './botkit-message.ts'
import { rasa } from './rasa.ts'

describe('rasa()', () => {
  const message = (text: string): BotkitMessage => ({
    type: 'direct_message',
    team: 'T1',
    channel: 'D1',
    user: 'U1',
    ts: '1',
    text,
    event: {},
    raw_message: {},
  })
  const received = (uri: string, text: string, timeout = 500) =>
    new Promise<BotkitMessage>((resolve) => {
      const one = message(text)
      rasa({ rasa_uri: uri, timeout }).receive(null, one, () => resolve(one))
    })
  const server = (body: unknown, path = '/parse') =>
    FakeServer.start(
      (request) => (request.path === path ? { body } : { status: 404, body: {} }),
      () => true,
    )

  test('fills intent, entities and confidence from either of Rasa’s addresses', async () => {
    for (const path of ['/parse', '/model/parse']) {
      await using fake = await server(
        { intent: { name: 'greet', confidence: 0.8 }, entities: [{ entity: 'a', value: 'b' }] },
        path,
      )
      expect(await received(fake.url, 'hi')).toMatchObject({
        intent: { name: 'greet' },
        entities: [{ value: 'b' }],
        confidence: 0.8,
      })
    }
  })

  test('an intent below the threshold is not heard', () => {
    const { hears } = rasa({ rasa_uri: 'http://127.0.0.1:1', threshold: 0.7 })
    const sure = { ...message('hi'), intent: { name: 'greet', confidence: 0.7 } }
    expect(hears(['greet'], sure)).toBe(true)
    expect(hears(['greet'], { ...sure, intent: { name: 'greet', confidence: 0.69 } })).toBe(false)
    expect(hears([/^gr/], sure)).toBe(true)
    expect(hears(['greet'], message('hi'))).toBe(false)
  })

  test.each([
    ['nonsense', { intent: 'greet' }],
    ['nothing', {}],
    ['a list', []],
  ])('a server that answers %s makes the message degraded', async (_what, body) => {
    await using fake = await server(body)
    expect(await received(fake.url, 'hi')).toMatchObject({
      intent: null,
      degraded: { reason: expect.stringContaining('without an intent') },
    })
  })

  test.each(['slow', 'lost', 'broken'] as const)('so does one that is %s', async (trouble) => {
    await using fake = await server({ intent: null })
    fake.troubles.push(trouble)
    const { degraded } = await received(fake.url, 'hi', 200)
    expect(degraded?.apology).toMatch(/^Sorry/)
  })

  test('an address that is none is refused at once', () => {
    expect(() => rasa({ rasa_uri: 'file:///etc/passwd' })).toThrow('rasa_uri must be an address')
  })
})
