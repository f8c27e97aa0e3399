/** The shop as outsiders run it: the command line in a process of its own, free ports, its data in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const workspace: string = join(import.meta.dirname, '../../..')
export const appFolder: string = join(import.meta.dirname, '..')
const commandLine = join(workspace, 'node_modules/typestead/bin/typestead.js')

export interface ShopOptions {
  /** Kept after the shop has ended; a temporary one, removed then, where it is left out. */
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
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'bookstore-')))
  const endpointsFile = join(data, 'endpoints.json')
  // What a killed one left behind names ports that are not ours.
  rmSync(endpointsFile, { force: true })
  const running = spawnTypestead(['start', '--app', options.app ?? appFolder], { ...options, data })
  const shop = (application: string, workbench: string): Shop => ({
    url: application,
    api: `${application}/api`,
    workbench,
    data,
    // A process that was started has a number.
    pid: running.child.pid as number,
    output: running.output,
    stop: () => end(running.child, 'SIGTERM'),
    kill: async () => {
      await end(running.child, 'SIGKILL')
    },
    async [Symbol.asyncDispose]() {
      await end(running.child, 'SIGTERM')
      if (options.data === undefined)
        await rm(data, { recursive: true, force: true, maxRetries: 5 })
    },
  })
  while (running.child.exitCode === null && running.child.signalCode === null) {
    if (existsSync(endpointsFile)) {
      const { application, workbench } = JSON.parse(readFileSync(endpointsFile, 'utf8'))
      const ready = await fetch(`${application}/readyz`).catch(() => undefined)
      if (ready?.ok) return shop(application, workbench)
    }
    await sleep(30)
  }
  throw new Error(`the shop ended with ${running.child.exitCode}: ${running.output()}`)
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
