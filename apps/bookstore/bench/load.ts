/**
 * How the shop stands load: start-up from an empty data folder and again, then many connections at once, a fifth of their
 * requests writes. Prints what it measured; exits with 1 after an error, or when memory grew by more than a fifth.
 * Usage: node apps/bookstore/bench/load.ts [--connections 200] [--seconds 30] [--json]
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startShop } from '../test/shop.ts'
import type { Outcome } from './generator.ts'
import { residentBytes } from './resident-bytes.ts'

export interface LoadReport extends Outcome {
  readonly connections: number
  readonly seconds: number
  readonly requestsPerSecond: number
  /** Milliseconds until `/readyz` said 200, from an empty data folder (cluster, tables and rows made) and afterwards. */
  readonly startEmpty: number
  readonly startAgain: number
  /** Of the server's process: when the load had run for 5 seconds (or a third of it, if it is shorter), and at its end. */
  readonly settledBytes: number
  readonly endBytes: number
}

export interface LoadOptions {
  readonly connections: number
  readonly seconds: number
}

export async function measureLoad({ connections, seconds }: LoadOptions): Promise<LoadReport> {
  const data = await mkdtemp(join(tmpdir(), 'bookstore-load-'))
  try {
    const startEmpty = await timed(async () => startShop({ data }))
    await startEmpty.result.stop()
    const { result: shop, milliseconds: startAgain } = await timed(() => startShop({ data }))
    await using _stopped = shop
    const generating = generate([shop.url, String(connections), String(seconds), '0.2'])
    // Not waited for while the memory is looked at; a failure must not end the process before.
    generating.catch(() => {})
    await sleep(Math.min(5, seconds / 3) * 1000)
    const settledBytes = residentBytes(shop.pid)
    const outcome = await generating
    return {
      ...outcome,
      connections,
      seconds,
      requestsPerSecond: Math.round((outcome.reads + outcome.writes) / seconds),
      startEmpty: startEmpty.milliseconds,
      startAgain,
      settledBytes,
      endBytes: residentBytes(shop.pid),
    }
  } finally {
    await rm(data, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function timed<R>(
  work: () => Promise<R>,
): Promise<{ readonly result: R; readonly milliseconds: number }> {
  const started = performance.now()
  const result = await work()
  return { result, milliseconds: Math.round(performance.now() - started) }
}

async function generate(args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'generator.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`the generator ended with ${code}`)
  return JSON.parse(text)
}

function textOf(report: LoadReport): string {
  const { read, write, settledBytes, endBytes } = report
  const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
  const growth = Math.round((endBytes / settledBytes - 1) * 100)
  const errors = Object.entries(report.errors).map(([what, count]) => `  ${count} × ${what}`)
  return [
    `start from an empty folder  ${report.startEmpty} ms; afterwards ${report.startAgain} ms`,
    `load                        ${report.connections} connections, ${report.seconds} s: ${report.requestsPerSecond} requests/s`,
    `reads                       ${report.reads}: p50 ${read.p50} ms, p99 ${read.p99} ms, most ${read.most} ms`,
    `writes                      ${report.writes}: p50 ${write.p50} ms, p99 ${write.p99} ms, most ${write.most} ms`,
    `memory of the server        ${megabytes(settledBytes)} after 5 s, ${megabytes(endBytes)} at the end (${growth} %)`,
    `errors                      ${errors.length === 0 ? 'none' : `\n${errors.join('\n')}`}`,
  ].join('\n')
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      connections: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
    },
  })
  const report = await measureLoad({
    connections: Number(values.connections),
    seconds: Number(values.seconds),
  })
  process.stdout.write(`${values.json ? JSON.stringify(report, undefined, 2) : textOf(report)}\n`)
  const fine =
    Object.keys(report.errors).length === 0 && report.endBytes <= report.settledBytes * 1.2
  process.exitCode = fine ? 0 : 1
}
