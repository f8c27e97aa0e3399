/** The harness's end of a side: starts it, asks it for one repetition at a time, stops it. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../scripts/run-command.ts'
import type { CommandSide, Measure, ModuleSide, Repetition, Side } from './measure.ts'
import { answerDigest, type Order, type Report } from './side.ts'

export interface RunningSide extends AsyncDisposable {
  /** Rejects when the side fails. */
  repeat(): Promise<Repetition>
  /** False when each repetition is a process of its own, which nothing warms. */
  readonly warms: boolean
}

export async function startSide(side: Side, load: Measure['load']): Promise<RunningSide> {
  await side.prepare?.()
  return 'command' in side ? commandSide(side) : await moduleSide(side, load)
}

const production = { NODE_ENV: 'production' }

function commandSide(side: CommandSide): RunningSide {
  const [program, ...args] = side.command
  return {
    warms: false,
    async repeat() {
      const options = { env: { ...production, ...side.env }, timeoutMs: 120_000 }
      const cwd = side.cwd === undefined ? {} : { cwd: side.cwd }
      const { code, stdout, output } = await runCommand(program, args, { ...options, ...cwd })
      if (code !== 0) throw new Error(`${program} ended with ${code}: ${output.slice(-500)}`)
      return parseRepetition(stdout.trimEnd().split('\n').at(-1) ?? '')
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** @throws {SyntaxError} when the line isn't a `Repetition` as JSON */
export function parseRepetition(line: string): Repetition {
  const parsed: unknown = JSON.parse(line)
  if (typeof parsed === 'object' && parsed !== null) {
    const { operations, cpuNs, wallNs, answer, figures }: Record<string, unknown> = { ...parsed }
    if (isCount(operations) && operations > 0 && isCount(cpuNs) && isCount(wallNs)) {
      const numbers = Object.entries(figures ?? {}).filter(([, value]) => isCount(value))
      const times = { operations, cpuNs, wallNs, answer: answerDigest(answer) }
      return { ...times, figures: Object.fromEntries(numbers) }
    }
  }
  throw new SyntaxError(
    `a side prints {"operations","cpuNs","wallNs","answer"} as its last line, not ${line}`,
  )
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

async function moduleSide(side: ModuleSide, load: Measure['load']): Promise<RunningSide> {
  const args = [side.module.href, side.export ?? 'bench', JSON.stringify(side.args ?? null)]
  const child = fork(fileURLToPath(new URL('./side.ts', import.meta.url)), args, {
    execArgv: [...(side.nodeFlags ?? [])],
    env: { ...process.env, ...production, ...side.env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ready = await nextReport(child)
  const ask = (order: Order) => {
    child.send(order)
    return nextReport(child)
  }
  return {
    warms: true,
    async repeat() {
      if (load === undefined) return repetitionOf(await ask('round'))
      if (ready.state !== 'ready' || ready.url === undefined) {
        throw new TypeError(`${side.module.href} gives no "url" for the measure's "load"`)
      }
      await ask('begin')
      const { answer, ...loaded } = await load(ready.url)
      return { ...repetitionOf(await ask('end')), ...loaded, answer: answerDigest(answer) }
    },
    [Symbol.asyncDispose]: () => stop(child),
  }
}

function repetitionOf(report: Report): Repetition {
  if (report.state === 'done') return report.repetition
  throw new Error(`a side answered "${report.state}" where a repetition was due`)
}

function nextReport(child: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    const exited = (code: number | null) => {
      reject(new Error(`the side's process ended with ${code} before it answered`))
    }
    child.once('exit', exited)
    child.once('message', (report: Report) => {
      child.off('exit', exited)
      if (report.state === 'failed') reject(new Error(report.reason))
      else resolve(report)
    })
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  if (child.connected) child.disconnect()
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await exited
  clearTimeout(timer)
}
