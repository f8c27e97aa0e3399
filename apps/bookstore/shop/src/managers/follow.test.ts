import { expect, test, vi } from 'vitest'
import { follow } from './follow.ts'

interface Step {
  readonly events: readonly string[]
  readonly fails?: boolean
}

test('goes on behind the last event when the server ends it, and from now when it refuses', async () => {
  vi.useFakeTimers()
  const steps: Step[] = [{ events: ['1', '2'] }, { events: ['3'], fails: true }, { events: ['9'] }]
  const asked: (string | undefined)[] = []
  const heard: string[] = []
  const lost: unknown[] = []
  const stop = new AbortController()
  const following = follow<string>(
    {
      async *subscribe(after) {
        asked.push(after)
        const step = steps.shift()
        if (step === undefined) return stop.abort()
        yield* step.events
        if (step.fails) throw new Error('too old')
      },
      heard(event) {
        heard.push(event)
        return event
      },
      async lost(error) {
        lost.push(error)
      },
    },
    stop.signal,
    '0',
  )
  await vi.runAllTimersAsync()
  expect(await following).toBe('9')
  expect(asked).toEqual(['0', '2', undefined, '9'])
  expect(heard).toEqual(['1', '2', '3', '9'])
  expect(lost).toEqual([new Error('too old')])
  vi.useRealTimers()
})

test('is over at once when it is no longer wanted', async () => {
  const stop = new AbortController()
  const following = follow<string>(
    { async *subscribe() {}, heard: (event) => event, lost: async () => {} },
    stop.signal,
  )
  await Promise.resolve()
  stop.abort()
  expect(await following).toBe(undefined)
})
