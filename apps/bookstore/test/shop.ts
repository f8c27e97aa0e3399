/** The shop as outsiders run it: the command line in a process of its own, free ports, its data in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fillOnce } from '../../../scripts/tools.ts'

export const workspace: string = join(import.meta.dirname, '../../..')
export const appFolder: string = join(import.meta.dirname, '..')
const commandLine = join(workspace, 'node_modules/typestead/bin/typestead.js')

export interface ShopOptions {
  /** Kept after the shop has ended; a temporary one with the seeded rows in it, removed then, where it is left out. */
  readonly data?: string
  readonly app?: string
  readonly env?: Readonly<Record<string, string>>
  /** Run by another user: needs root. */
  readonly uid?: number
}

export interface Shop extends AsyncDisposable {
  readonly url: string
  readonly api: string
  readonly workbench: string
  readonly data: string
  readonly pid: number
  /** What it wrote to both outputs. */
  readonly output: () => string
  /** Ends it by SIGTERM; the exit code. */
  stop(): Promise<number | null>
  kill(): Promise<void>
}

/** Resolves when `/readyz` says 200. */
export async function startShop(options: ShopOptions = {}): Promise<Shop> {
  if (options.data !== undefined) return startIn(options.data, options)
  const data = await mkdtemp(join(tmpdir(), 'bookstore-'))
  const remove = () => rm(data, { recursive: true, force: true, maxRetries: 5 })
  try {
    // Another app or another store has rows of its own.
    if (options.app === undefined && options.env?.DATABASE_URL === undefined) await putSeed(data)
    const shop = await startIn(data, options)
    return {
      ...shop,
      async [Symbol.asyncDispose]() {
        await shop[Symbol.asyncDispose]()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** What a shop leaves behind that was started once and ended. */
function putSeed(data: string): Promise<void> {
  return fillOnce(data, 'bookstore', async (folder) => {
    await (await startIn(folder, {})).stop()
  })
}

async function startIn(data: string, options: ShopOptions): Promise<Shop> {
  const endpointsFile = join(data, 'endpoints.json')
  // What a killed one left behind names ports that are not ours.
  rmSync(endpointsFile, { force: true })
  const { child, output } = spawnTypestead(['start', '--app', options.app ?? appFolder], {
    ...options,
    data,
  })
  while (child.exitCode === null && child.signalCode === null) {
    if (existsSync(endpointsFile)) {
      const { application, workbench } = JSON.parse(readFileSync(endpointsFile, 'utf8'))
      const ready = await fetch(`${application}/readyz`).catch(() => undefined)
      if (ready?.ok) {
        return {
          url: application,
          api: `${application}/api`,
          workbench,
          data,
          // A process that was started has a number.
          pid: child.pid as number,
          output,
          stop: () => end(child, 'SIGTERM'),
          async kill() {
            await end(child, 'SIGKILL')
          },
          async [Symbol.asyncDispose]() {
            await end(child, 'SIGTERM')
          },
        }
      }
    }
    await sleep(30)
  }
  throw new Error(`the shop ended with ${child.exitCode}: ${output()}`)
}

/** A start that is killed as soon as its output matches. */
export async function killStartAt(pattern: RegExp, options: ShopOptions): Promise<void> {
  const { child, output } = spawnTypestead(['start', '--app', options.app ?? appFolder], options)
  while (child.exitCode === null && !pattern.test(output())) await sleep(2)
  if (child.exitCode !== null) throw new Error(`the shop ended with ${child.exitCode}: ${output()}`)
  await end(child, 'SIGKILL')
}

export interface Result {
  readonly code: number | null
  readonly output: string
}

/** One command, such as `['plan', '--json']`, until it ends. */
export async function typestead(args: readonly string[], options: ShopOptions): Promise<Result> {
  const { child, output } = spawnTypestead(args, options)
  await ended(child)
  return { code: child.exitCode, output: output() }
}

interface Spawned {
  readonly child: ChildProcess
  readonly output: () => string
}

function spawnTypestead(args: readonly string[], { data, env, uid }: ShopOptions): Spawned {
  const child = spawn(process.execPath, [commandLine, ...args], {
    env: {
      ...process.env,
      PORT: '0',
      TYPESTEAD_WORKBENCH_PORT: '0',
      ...(data === undefined ? {} : { TYPESTEAD_DATA: data }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid, cwd: '/' }),
  })
  let text = ''
  const hear = (chunk: Buffer) => {
    text = `${text}${chunk}`.slice(-200_000)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return { child, output: () => text }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal)
  await ended(child)
  return child.exitCode
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.once('close', resolve))
}
