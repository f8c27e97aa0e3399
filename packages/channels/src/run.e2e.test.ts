import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a program of `test/programs` on plain Node. */
function program(name: string, ...flags: string[]): Promise<Ended> {
  const path = fileURLToPath(new URL(`../test/programs/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [...flags, path], { env: { PATH: process.env.PATH } })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

describe('a program', () => {
  it('that deadlocks prints Go’s text with the state of each goroutine, and exits 2', async () => {
    const { code, err } = await program('deadlock')
    expect(code).toBe(2)
    expect(err).toContain('fatal error: all goroutines are asleep - deadlock!\n\n')
    expect(err).toContain('goroutine 1 [chan receive]:\nmain()\n\ton jobs\n')
    expect(err).toContain(
      'goroutine 2 [chan send]:\nsender()\n\ton results\ncreated by main in goroutine 1\n',
    )
    expect(err).toContain('goroutine 3 [select]:\nchooser()\n')
    expect(err).toContain('goroutine 4 [sync.Mutex.Lock]:\nlocker()\n')
  })

  it('that panics prints the message, the goroutine and the stack, and exits 2', async () => {
    const { code, err } = await program('panic')
    expect(code).toBe(2)
    expect(err).toMatch(/^panic: send on closed channel\n\ngoroutine 2 \[running\]:\n {4}at /)
    expect(err).toContain('at bad ')
  })

  it('that misuses a lock ends with a fatal error', async () => {
    const { code, err } = await program('fatal')
    expect(code).toBe(2)
    expect(err).toMatch(
      /^fatal error: sync: unlock of unlocked mutex\n\ngoroutine 1 \[running\]:\n/,
    )
  })

  it('that leaks goroutines is told of each one, and of no other', async () => {
    expect(await program('leaks')).toEqual({ code: 0, out: '1100 leaks, kept true\n', err: '' })
    const { code, err } = await program('leak-report')
    expect(code).toBe(0)
    expect(err).toBe(
      'goroutine 2 [chan send (leaked)]:\nforgotten()\n\ton nobody\ncreated by main in goroutine 1\n',
    )
  })

  it('ends with main, whatever else runs, sleeps or works on threads', async () => {
    expect(await program('leftovers')).toMatchObject({ code: 0, out: 'main returned, open: \n' })
  })

  it('that deadlocks across threads, or panics on a worker, exits 2', async () => {
    const deadlock = await program('thread-deadlock')
    expect(deadlock.code).toBe(2)
    expect(deadlock.err).toContain('all goroutines are asleep - deadlock!')
    const panic = await program('worker-panic')
    expect(panic.code).toBe(2)
    expect(panic.err).toContain('panic: out of luck\n\n')
    expect(panic.err).toContain('worker-jobs.ts')
  })
})

describe('the event loop', () => {
  it('serves timers and sockets under hot loops of channel operations in both lanes', async () => {
    const { out } = await program('hot-loop')
    const { timers, answers, rounds } = JSON.parse(out)
    expect(timers).toBeGreaterThan(10)
    expect(answers).toBeGreaterThan(5)
    expect(rounds).toBeGreaterThan(1000)
  })
})

describe('memory', () => {
  it('of 100,000 parked goroutines is under 150 MB, of each with its channel at most 1 KiB', async () => {
    const { out } = await program('parked', '--expose-gc')
    const { bytesEach, heapMB } = JSON.parse(out)
    expect(bytesEach).toBeLessThanOrEqual(1024)
    expect(heapMB).toBeLessThan(150)
  })

  it('is not kept by 100,000 selects', async () => {
    const { out } = await program('many-selects', '--expose-gc')
    expect(JSON.parse(out).grown).toBeLessThanOrEqual(64 * 1024)
  })
})
