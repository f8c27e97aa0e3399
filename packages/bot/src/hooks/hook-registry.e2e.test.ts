import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bookCall } from '../../test/book-call.ts'
import type { HookResult } from './hook-contract.ts'
import { type HookRegistryOptions, hookRegistry } from './hook-registry.ts'
import { lambda } from './lambda-ref.ts'

const never = new AbortController().signal
const delegate = `{ sessionAttributes: event.sessionAttributes, dialogAction: { type: 'Delegate', slots: event.currentIntent.slots } }`
let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hooks-'))
  // Archives are unpacked where nobody else unpacks.
  vi.stubEnv('TMPDIR', root)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(root, { recursive: true })
})

let files = 0
async function file(code: string, extension = 'cjs'): Promise<string> {
  const name = `hook-${++files}.${extension}`
  await writeFile(join(root, name), code)
  return name
}

async function run(
  code: string,
  options: HookRegistryOptions = {},
  extension = 'cjs',
): Promise<{ result: HookResult; warnings: string[] }> {
  const warnings: string[] = []
  await using hooks = hookRegistry({
    root,
    workers: 1,
    ...options,
    hooks: { validate: lambda(await file(code, extension)) },
    onWarning: (_, message) => warnings.push(message),
  })
  return { result: await hooks.run(bookCall(), never), warnings }
}

const failure = (result: HookResult) => (result.ok ? undefined : result.error)

describe.each(['worker', 'process'] as const)(
  'a Lambda handler in a file, isolation %s',
  (isolation) => {
    it('answers by callback, promise, or the context', async () => {
      const bodies = [
        `exports.handler = (event, context, callback) => callback(null, ${delegate})`,
        `exports.handler = (event, context, callback) => { setTimeout(() => callback(null, ${delegate}), 5) }`,
        `exports.handler = async (event) => (${delegate})`,
        `exports.handler = (event, context) => context.succeed(${delegate})`,
        `exports.handler = (event, context) => context.done(null, ${delegate})`,
      ]
      for (const body of bodies) {
        const { result } = await run(body, { isolation })
        expect(result).toMatchObject({ ok: true, answer: { action: { type: 'Delegate' } } })
      }
    })

    it('is found in ES modules and TypeScript too', async () => {
      const esm = `export const handler = async (event) => (${delegate})`
      expect((await run(esm, { isolation }, 'mjs')).result.ok).toBe(true)
      const typed = `export const handler = async (event: { currentIntent: { slots: object }, sessionAttributes: object }): Promise<object> => (${delegate})`
      expect((await run(typed, { isolation }, 'ts')).result.ok).toBe(true)
    })

    it('counts its first answer and warns of the second', async () => {
      const { result, warnings } = await run(
        `exports.handler = (event, context, callback) => {
        callback(null, { dialogAction: { type: 'Close', fulfillmentState: 'Failed' } })
        callback(null, ${delegate})
      }`,
        { isolation },
      )
      expect(result).toMatchObject({
        ok: true,
        answer: { action: { type: 'Close', state: 'Failed' } },
      })
      expect(warnings).toEqual([
        expect.stringMatching(/answered again by callback; the first answer, by callback, counts/),
      ])
    })

    it('fails with what it threw, rejected with, or called back with', async () => {
      const bodies = [
        `exports.handler = () => { throw new Error('no stock') }`,
        `exports.handler = async () => { throw new Error('no stock') }`,
        `exports.handler = (event, context, callback) => callback(new Error('no stock'))`,
        `exports.handler = (event, context, callback) => callback('no stock')`,
        `exports.handler = (event, context) => context.fail(new Error('no stock'))`,
      ]
      for (const body of bodies) {
        const { result } = await run(body, { isolation })
        expect(failure(result)).toEqual({
          code: 'THROWN',
          message: 'hook "validate" failed: no stock',
        })
      }
    })

    it('says which field of an answer is not allowed', async () => {
      const { result } = await run(
        `exports.handler = async () => ({ dialogAction: { type: 'Stop' } })`,
        { isolation },
      )
      expect(failure(result)).toMatchObject({
        code: 'BAD_ANSWER',
        message: expect.stringContaining('dialogAction.type: got "Stop"; allowed: ElicitIntent,'),
      })
    })

    it('that never answers is over its time', async () => {
      const { result } = await run('exports.handler = () => {}', { isolation, timeoutMs: 300 })
      expect(failure(result)).toEqual({
        code: 'TIMEOUT',
        message: expect.stringContaining('"validate" did not answer within 300 ms'),
      })
    })

    it('is told of itself by its context', async () => {
      const { result } = await run(
        `exports.handler = async (event, context) => {
        context.callbackWaitsForEmptyEventLoop = false
        return { ...${delegate}, sessionAttributes: {
          name: context.functionName, id: context.awsRequestId, memory: context.memoryLimitInMB,
          inTime: String(context.getRemainingTimeInMillis() > 0 && context.getRemainingTimeInMillis() <= 30000) } }
      }`,
        { isolation },
      )
      expect(result).toMatchObject({
        answer: {
          sessionAttributes: { name: 'validate', id: 'turn-1/1', memory: '128', inTime: 'true' },
        },
      })
    })

    it('that is missing is named with what would help', async () => {
      await using hooks = hookRegistry({ root, isolation, hooks: { gone: lambda('./gone.cjs') } })
      expect(failure(await hooks.run(bookCall({ hook: 'gone' }), never))).toMatchObject({
        code: 'MISSING',
        message: expect.stringContaining('there is no file'),
      })
      expect(failure(await hooks.run(bookCall({ hook: 'other' }), never))).toMatchObject({
        code: 'MISSING',
      })
      const { result } = await run('exports.handle = () => {}', { isolation })
      expect(failure(result)?.message).toMatch(/exports no function "handler"; it exports handle/)
    })

    it('in TypeScript gets a turn', async () => {
      const name = await file(
        `export const handler = (turn: any) => turn.slots.title === 'A Scanner Darkly' ? turn.elicitSlot('title', 'Sold out.') : undefined`,
        'ts',
      )
      await using hooks = hookRegistry({
        root,
        isolation,
        hooks: { validate: lambda(name, { event: 'turn' }) },
      })
      expect(await hooks.run(bookCall(), never)).toMatchObject({
        ok: true,
        answer: {
          action: {
            type: 'ElicitSlot',
            slot: 'title',
            said: { messages: [{ content: 'Sold out.' }] },
          },
        },
      })
    })

    it('comes out of a zip archive, under a name or an ARN', async () => {
      const archive = join(root, `fn-${isolation}.zip`)
      const code = `const { helper } = require('./lib/helper.js'); exports.main = async (event) => helper(${delegate})`
      await writeFile(
        archive,
        zipSync({
          'index.js': strToU8(code),
          'lib/helper.js': strToU8('exports.helper = (one) => one'),
        }),
      )
      const hooks = hookRegistry({
        isolation,
        hooks: { botCodeHook: lambda(archive, { handler: 'index.main' }) },
      })
      const arn = 'arn:aws:lambda:us-east-1:123456789012:function:botCodeHook:live'
      expect(hooks.has(arn)).toBe(true)
      expect(await hooks.run(bookCall({ hook: arn }), never)).toMatchObject({ ok: true })
      await hooks.close()
      expect((await readdir(root)).filter((name) => name.startsWith('typestead-hook-'))).toEqual([])
    })
  },
)

it('refuses archives whose names lead out of them', async () => {
  for (const name of ['../evil.js', '/evil.js', 'a/../../evil.js', 'c:\\evil.js']) {
    const archive = join(root, 'evil.zip')
    await writeFile(archive, zipSync({ [name]: strToU8('') }))
    await using hooks = hookRegistry({ hooks: { validate: lambda(archive) } })
    const result = await hooks.run(bookCall(), never)
    expect(failure(result)?.message).toMatch(/leads out of the archive/)
  }
})

it('ends a hook that loops forever, and the next turn works', async () => {
  const name = await file(
    `exports.handler = async (event) => { if (event.inputTranscript === 'loop') while (true); return ${delegate} }`,
  )
  await using hooks = hookRegistry({
    root,
    workers: 1,
    timeoutMs: 300,
    hooks: { validate: lambda(name) },
  })
  const looping = hooks.run(bookCall({ text: 'loop' }), never)
  const behind = hooks.run(bookCall(), never)
  expect(failure(await looping)?.code).toBe('TIMEOUT')
  expect(await behind).toMatchObject({ ok: true })
  expect(await hooks.run(bookCall(), never)).toMatchObject({ ok: true })
})

it('begins no call twice when a worker ends', async () => {
  const log = join(root, 'begun.txt')
  const name = await file(
    `const { appendFileSync } = require('node:fs')
    exports.handler = async (event) => {
      appendFileSync(${JSON.stringify(log)}, event.inputTranscript + '\\n')
      if (event.inputTranscript === 'loop') while (true);
      return ${delegate}
    }`,
  )
  await using hooks = hookRegistry({
    root,
    workers: 2,
    timeoutMs: 400,
    hooks: { validate: lambda(name) },
  })
  const texts = ['loop', ...Array.from({ length: 60 }, (_, i) => `t${i}`)]
  const results = await Promise.all(texts.map((text) => hooks.run(bookCall({ text }), never)))
  expect(results.filter((one) => one.ok)).toHaveLength(60)
  expect((await readFile(log, 'utf8')).trim().split('\n').sort()).toEqual(texts.toSorted())
})

it('names a hook that used too much memory, or ended its thread', async () => {
  const eats = await run(
    `exports.handler = () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())) }`,
    { memoryMb: 24 },
  )
  expect(failure(eats.result)).toMatchObject({
    code: 'THROWN',
    message: expect.stringContaining('more than 24 MB of memory'),
  })
  const exits = await run('exports.handler = () => process.exit(3)')
  expect(failure(exits.result)?.message).toMatch(/ended its worker: it exited with code 3/)
})

it('answers BUSY when too many calls wait', async () => {
  const name = await file(
    `exports.handler = (event, context, callback) => setTimeout(() => callback(null, ${delegate}), 20)`,
  )
  await using hooks = hookRegistry({
    root,
    workers: 1,
    queue: 4,
    hooks: { validate: lambda(name) },
  })
  const results = await Promise.all(Array.from({ length: 24 }, () => hooks.run(bookCall(), never)))
  expect(results.filter((one) => one.ok)).toHaveLength(20)
  expect(results.filter((one) => failure(one)?.code === 'BUSY')).toHaveLength(4)
})

it('answers a caller that goes at once, and serves the next', async () => {
  const name = await file(
    `exports.handler = (event, context, callback) => setTimeout(() => callback(null, ${delegate}), 30)`,
  )
  await using hooks = hookRegistry({ root, workers: 1, hooks: { validate: lambda(name) } })
  const caller = new AbortController()
  const left = hooks.run(bookCall(), caller.signal)
  const next = hooks.run(bookCall(), never)
  caller.abort()
  expect(failure(await left)).toMatchObject({
    code: 'TIMEOUT',
    message: expect.stringContaining('has gone'),
  })
  expect(await next).toMatchObject({ ok: true })
})

it('loads code anew when a name is registered again', async () => {
  const path = join(root, 'changing.cjs')
  const say = (text: string) =>
    writeFile(
      path,
      `exports.handler = async () => ({ dialogAction: { type: 'Close', fulfillmentState: 'Fulfilled', message: { contentType: 'PlainText', content: '${text}' } } })`,
    )
  for (const isolation of ['worker', 'process'] as const) {
    await say('old')
    await using hooks = hookRegistry({ isolation, hooks: { validate: lambda(path) } })
    expect(await hooks.run(bookCall(), never)).toMatchObject({
      answer: { action: { said: { messages: [{ content: 'old' }] } } },
    })
    await say('new')
    hooks.register('validate', lambda(path))
    expect(await hooks.run(bookCall(), never)).toMatchObject({
      answer: { action: { said: { messages: [{ content: 'new' }] } } },
    })
  }
})

describe('a hook in TypeScript', () => {
  it('closes, remembers, sets attributes and hands over work for the transaction', async () => {
    const works: unknown[] = []
    const db = { transaction: <R>(work: (tx: number) => Promise<R>) => work(7) }
    await using hooks = hookRegistry({
      hooks: {
        validate: (turn) => {
          turn.setAttributes({ bought: String(turn.slots.title), visits: null })
          turn.remember({ genre: 'fantasy' })
          turn.inTransaction(db, async (tx) => tx + 1)
          return turn.close('Thanks.')
        },
      },
    })
    const result = await hooks.run(bookCall({ source: 'FulfillmentCodeHook' }), never, {
      inTransaction: (work) => works.push(work.run(7)),
    })
    expect(result).toEqual({
      ok: true,
      answer: {
        sessionAttributes: { bought: 'A Scanner Darkly' },
        remember: { genre: 'fantasy' },
        action: {
          type: 'Close',
          state: 'Fulfilled',
          said: { messages: [{ contentType: 'PlainText', content: 'Thanks.' }], card: null },
        },
      },
    })
    expect(await Promise.all(works)).toEqual([8])
  })

  it('delegates or closes when it returns nothing, and is refused what it may not return', async () => {
    await using hooks = hookRegistry({ hooks: { validate: () => undefined } })
    expect(await hooks.run(bookCall(), never)).toEqual({
      ok: true,
      answer: { action: { type: 'Delegate' } },
    })
    expect(await hooks.run(bookCall({ source: 'FulfillmentCodeHook' }), never)).toMatchObject({
      answer: { action: { type: 'Close', state: 'Fulfilled' } },
    })
    // What a hook written in JavaScript may do.
    hooks.register('validate', (() => 'done') as unknown as () => undefined)
    expect(failure(await hooks.run(bookCall(), never))).toMatchObject({ code: 'BAD_ANSWER' })
    hooks.register('validate', (turn) => turn.elicitSlot('size'))
    expect(failure(await hooks.run(bookCall(), never))?.message).toMatch(
      /elicitSlot: got "size"; allowed: the slots of BuyBook: genre, title/,
    )
  })

  it('that is late has asked for nothing', async () => {
    const works: unknown[] = []
    await using hooks = hookRegistry({
      timeoutMs: 20,
      hooks: {
        validate: async (turn) => {
          turn.inTransaction({ transaction: (work) => work(1) }, async () => {})
          await new Promise((resolve) => turn.signal.addEventListener('abort', resolve))
        },
      },
    })
    const result = await hooks.run(bookCall(), never, { inTransaction: (work) => works.push(work) })
    expect([failure(result)?.code, works]).toEqual(['TIMEOUT', []])
  })
})
