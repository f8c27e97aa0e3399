/**
 * The process of one module side: makes its bench, then does one repetition for each message it gets, and tells what
 * that took. Ends when the harness lets go of it.
 */
import { createHash } from 'node:crypto'
import type { Bench, BenchMaker, Json, RepeatedBench, Repetition } from './measure.ts'

/** `round`: do one repetition. `begin` and `end`: the harness loads the server in between. */
export type Order = 'round' | 'begin' | 'end'

export type Report =
  | { readonly state: 'ready'; readonly url?: string }
  | { readonly state: 'done'; readonly repetition: Repetition }
  | { readonly state: 'failed'; readonly reason: string }

/** Equal text for equal answers: objects count as equal whatever the order of their keys. */
export function answerDigest(answer: unknown): string {
  const text = typeof answer === 'string' ? answer : (JSON.stringify(sorted(answer)) ?? 'undefined')
  return text.length <= 40 ? text : createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function sorted(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  if ('toJSON' in value && typeof value.toJSON === 'function') return sorted(value.toJSON())
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  )
}

async function repeat(bench: RepeatedBench): Promise<Repetition> {
  const stop = startClocks()
  const answer = await bench.run()
  const times = stop()
  const figures = bench.figures?.()
  return {
    operations: bench.operations,
    ...times,
    answer: answerDigest(answer),
    ...(figures === undefined ? {} : { figures }),
  }
}

function startClocks(): () => { cpuNs: number; wallNs: number } {
  const cpu = process.cpuUsage()
  const wall = process.hrtime.bigint()
  return () => {
    const wallNs = Number(process.hrtime.bigint() - wall)
    const { user, system } = process.cpuUsage(cpu)
    return { cpuNs: (user + system) * 1000, wallNs }
  }
}

async function obey(bench: Bench): Promise<void> {
  let stop = startClocks()
  process.on('message', async (order: Order) => {
    try {
      if (order === 'begin') {
        stop = startClocks()
        send({ state: 'ready' })
      } else if (order === 'end') {
        send({ state: 'done', repetition: { operations: 1, answer: '', ...stop() } })
      } else if ('run' in bench) {
        send({ state: 'done', repetition: await repeat(bench) })
      } else {
        throw new TypeError('this side serves; give the measure a "load"')
      }
    } catch (error) {
      fail(error)
    }
  })
  process.once('disconnect', async () => {
    await bench[Symbol.asyncDispose]?.()
    process.exit()
  })
  send('url' in bench ? { state: 'ready', url: bench.url } : { state: 'ready' })
}

function send(report: Report): void {
  process.send?.(report)
}

function fail(error: unknown): void {
  send({
    state: 'failed',
    reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
}

if (import.meta.main) {
  const [, , module = '', name = 'bench', args = 'null'] = process.argv
  try {
    const exported: Record<string, unknown> = await import(module)
    const make = exported[name]
    if (typeof make !== 'function') throw new TypeError(`${module} exports no function "${name}"`)
    // What a bench module exports under this name is a BenchMaker: measure.ts says so.
    await obey(await (make as BenchMaker)((JSON.parse(args) as Json | null) ?? undefined))
  } catch (error) {
    fail(error)
    process.disconnect?.()
  }
}
