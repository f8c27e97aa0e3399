import { describe, expect, test } from 'vitest'
import { flush } from '../reactive-graph.ts'
import { resource } from '../resource.ts'
import { useManualClock } from '../testing/manual-clock.ts'
import { testScope } from '../testing/test-scope.ts'
import { PreferencesManager } from './preferences-manager.ts'
import { RestManager } from './rest-manager.ts'

class MemoryStorage {
  readonly kept = new Map<string, string>()
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null
  }
  setItem(key: string, value: string): void {
    this.kept.set(key, value)
  }
}

const isTheme = (stored: unknown) => (stored === 'light' || stored === 'dark' ? stored : undefined)

describe('preferences', () => {
  test('are kept, and believed only when they are of their kind', async () => {
    const storage = new MemoryStorage()
    await using scope = testScope((s) =>
      s.lazyPut(PreferencesManager, () => new PreferencesManager('app', storage)),
    )
    const theme = scope.find(PreferencesManager).preference('theme', 'light', isTheme)
    theme.set('dark')
    flush()
    expect(storage.kept.get('app.theme')).toBe('"dark"')
    const again = new PreferencesManager('app', storage)
    expect(again.preference('theme', 'light', isTheme).value).toBe('dark')
    storage.setItem('app.theme', '{"not":"a theme"}')
    expect(again.preference('theme', 'light', isTheme).value).toBe('light')
  })
})

describe('calls', () => {
  test('give the answer, or an error with the status and what the server said', async () => {
    const answers = [
      Response.json({ id: 1 }),
      Response.json({ why: 'taken' }, { status: 409 }),
      new Response(null, { status: 204 }),
    ]
    const requests: Request[] = []
    const rest = new RestManager({
      baseUrl: 'http://shop.invalid',
      fetch: async (request) => {
        requests.push(request)
        const answer = answers.shift()
        if (answer === undefined) throw new TypeError('connection refused')
        return answer
      },
    })
    const call = rest.call('/books', { body: { title: 'Emma' } })
    expect(rest.pending.value).toBe(1)
    expect(await call).toEqual({ id: 1 })
    expect(requests[0]?.method).toBe('POST')
    await expect(rest.call('/books')).rejects.toMatchObject({
      status: 409,
      answer: { why: 'taken' },
    })
    expect(await rest.call('/books', { method: 'DELETE' })).toBeUndefined()
    await expect(rest.call('/books')).rejects.toMatchObject({ code: 'REQUEST_FAILED', status: 0 })
    expect(rest.pending.value).toBe(0)
  })
})

describe('resources', () => {
  test('say what went wrong, try again by themselves, and recover', async () => {
    using clock = useManualClock()
    await using scope = testScope()
    let away = true
    let tries = 0
    const books = scope.run(() =>
      resource(async () => {
        tries++
        if (away) throw new Error('the server is away')
        return ['Emma']
      }),
    )
    const settled = async () => {
      await Promise.resolve()
      await Promise.resolve()
      flush()
    }
    await settled()
    expect(books.error.value).toEqual(new Error('the server is away'))
    clock.advance(1000)
    await settled()
    clock.advance(1999)
    await settled()
    expect(tries).toBe(2)
    away = false
    clock.advance(1)
    await settled()
    expect(books.value.value).toEqual(['Emma'])
    expect(books.error.value).toBeUndefined()
    expect(clock.waiting).toBe(0)
  })
})
