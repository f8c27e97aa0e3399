/** What somebody gets who uses threads wrongly: an error that names the place and says what to do. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as Jobs from '../../test/worker-jobs.ts'
import { callWorker, makeSharedChan, startThreads, type Threads, workerModule } from '../index.ts'

const jobs = workerModule<typeof Jobs>(new URL('../../test/worker-jobs.ts', import.meta.url))
let threads: Threads
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wrong-'))
  threads = startThreads({ threads: 2 })
})
afterAll(async () => {
  await threads.stop()
  await rm(folder, { recursive: true })
})

interface Unloadable {
  work(): void
}

async function moduleOf(name: string, text: string) {
  const file = join(folder, name)
  await writeFile(file, text)
  return workerModule<Unloadable>(pathToFileURL(file))
}

describe('threads', () => {
  it.each([0, -1, Number.NaN, 1.5, 32, 1000])('cannot be %s', (count) => {
    expect(() => startThreads({ threads: count })).toThrow('from 1 to 31')
  })

  it.each([0, -1, Number.NaN, 1000, 2 ** 40])('cannot share %s bytes', (memory) => {
    expect(() => startThreads({ memory })).toThrow('memory is a whole number of bytes from')
  })

  it('may be started twice: those that run stay', () => {
    expect(startThreads({ threads: 1 }).threads).toHaveLength(2)
  })
})

describe('a value', () => {
  const refused: [string, () => unknown, string][] = [
    ['a function', () => ({ list: [() => 1] }), 'argument 1 of echo().list[0] cannot be sent'],
    ['a symbol', () => Symbol('x'), 'it is a symbol'],
    ['a promise', () => Promise.resolve(), 'it is a Promise'],
    ['a view of shared memory', () => new Uint8Array(new SharedArrayBuffer(8)), 'send a copy'],
    ['a detached buffer', transferred, 'a detached buffer'],
    ['a view of a detached buffer', viewOfTransferred, 'a detached buffer'],
    ['nested without end', () => nested(100_000), 'more than 1000 levels deep'],
  ]
  it.each(refused)('that is %s is refused', async (_, make, message) => {
    const error = await callWorker(jobs, 'echo', make()).catch((reason: unknown) => reason)
    expect((error as { code: string }).code).toBe('ERR_NOT_CLONEABLE')
    expect(String(error)).toContain(message)
  })

  it('may be circular, and 900 levels deep', async () => {
    const value: { self?: unknown; deep: unknown } = { deep: nested(900) }
    value.self = value
    const back = (await callWorker(jobs, 'echo', value)) as typeof value // what was sent
    expect(back.self).toBe(back)
    expect(levels(back.deep)).toBe(900)
  })

  it('that does not fit into shared memory says what to change', async () => {
    const huge = new Uint8Array(300 * 2 ** 20)
    await expect(callWorker(jobs, 'echo', huge)).rejects.toThrow('a larger `memory`')
  })

  it('that a function gives back and cannot be copied is named', async () => {
    const module = await moduleOf('gives.mjs', 'export const work = () => ({ call: () => 1 })')
    await expect(callWorker(module, 'work')).rejects.toThrow(
      'the result of work().call cannot be sent to another thread: it is a function',
    )
  })
})

describe('a module', () => {
  it('is named by a URL', () => {
    // @ts-expect-error a text is not enough: it is relative to nothing
    expect(() => workerModule('./jobs.ts')).toThrow("new URL('./jobs.ts', import.meta.url)")
    // @ts-expect-error not a module
    expect(() => callWorker('jobs.ts', 'work')).toThrow('workerModule(new URL(…))')
  })

  it('that throws as it loads fails each call with what it threw', async () => {
    const module = await moduleOf('throws.mjs', "throw new Error('DATABASE_URL is not set')")
    for (let i = 0; i < 2; i++) {
      await expect(callWorker(module, 'work')).rejects.toThrow('DATABASE_URL is not set')
    }
  })

  it('that is missing, or is not JavaScript, is named', async () => {
    const missing = workerModule<Unloadable>(pathToFileURL(join(folder, 'missing.mjs')))
    await expect(callWorker(missing, 'work')).rejects.toThrow('missing.mjs')
    const broken = await moduleOf('broken.mjs', 'export const work = ;')
    await expect(callWorker(broken, 'work')).rejects.toThrow('Unexpected token')
  })

  it('without the export says which it has', async () => {
    const module = await moduleOf('other.mjs', 'export const play = () => 1; export const work = 5')
    await expect(callWorker(module, 'work')).rejects.toThrow(
      'has no exported function work; it exports play',
    )
  })
})

describe('a shared channel', () => {
  it('has lanes, slots and capacities within bounds', () => {
    // @ts-expect-error no such lane
    expect(() => makeSharedChan({ lane: 'i64' })).toThrow("lane is 'i32', 'f64' or 'message'")
    expect(() => makeSharedChan({ slotBytes: Number.NaN })).toThrow('up to 65536')
    expect(() => makeSharedChan({ capacity: 1.5 })).toThrow('makechan: size out of range')
    expect(() => makeSharedChan({ capacity: 2 ** 24 + 1 })).toThrow('makechan: size out of range')
  })

  it('takes batches only of numbers of its lane, all or none', async () => {
    const numbers = makeSharedChan({ lane: 'i32', capacity: 4 })
    await expect(numbers.sendAll([1, 1.5])).rejects.toThrow("lane 'i32' carries 32-bit integers")
    expect(numbers.length).toBe(0)
    await expect(numbers.receiveMany(0)).rejects.toThrow('from 1, got 0')
    const messages = makeSharedChan<number>({ capacity: 4 })
    await expect(messages.sendAll([1])).rejects.toThrow('use send() here')
    await expect(messages.receiveMany(1)).rejects.toThrow('use batches() here')
  })

  it('sends nothing when a buffer of the transfer list cannot be detached', async () => {
    const channel = makeSharedChan<string>({ capacity: 1 })
    const transfer = [transferred()]
    await expect(channel.send('x', { transfer })).rejects.toThrow('transfer[0] is detached already')
    expect(() => channel.trySend('x', { transfer })).toThrow('transfer[0] is detached already')
    expect(channel.length).toBe(0)
  })

  it('is printed without the memory behind it', () => {
    const channel = makeSharedChan<number>({ capacity: 3, name: 'jobs' })
    channel.trySend(1)
    expect(inspect(channel)).toMatch(/^SharedChannel jobs 0x[0-9a-f]+ \(1 of 3\)$/)
  })
})

it('a worker that loops for ever keeps nobody else from work, and ends with the pool', async () => {
  const module = await moduleOf('loops.mjs', 'export const work = () => { for (;;); }')
  const looping = callWorker(module, 'work').catch((reason: unknown) => reason)
  const sums = await Promise.all(
    Array.from({ length: 50 }, (_, i) => callWorker(jobs, 'add', i, 1)),
  )
  expect(sums).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  await threads.stop()
  expect(await looping).toMatchObject({ code: 'ERR_WORKER_DIED' })
  threads = startThreads({ threads: 1 })
  expect(await callWorker(jobs, 'add', 1, 1)).toBe(2)
})

function transferred(): ArrayBuffer {
  const buffer = new ArrayBuffer(8)
  buffer.transfer()
  return buffer
}

function viewOfTransferred(): Uint8Array {
  const view = new Uint8Array(8)
  view.buffer.transfer()
  return view
}

function nested(levels: number): unknown {
  let value: unknown = 0
  for (let i = 0; i < levels; i++) value = { value }
  return value
}

function levels(value: unknown): number {
  let count = 0
  for (let at = value; typeof at === 'object' && at !== null && 'value' in at; count++)
    at = at.value
  return count
}
