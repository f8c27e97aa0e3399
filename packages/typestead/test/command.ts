/** The command line as outsiders run it: a process of its own, its output and its exit code. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../bin/typestead.js', import.meta.url))

export interface Outcome {
  /** `null` when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Command {
  readonly child: ChildProcess
  readonly ended: Promise<Outcome>
  readonly output: () => string
}

export function command(args: readonly string[], { cwd, env = {} }: CommandOptions): Command {
  const { DATABASE_URL, TYPESTEAD_DATA, NODE_ENV, ...inherited } = process.env
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...inherited, PORT: '0', TYPESTEAD_WORKBENCH_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, ended, output: () => stdout + stderr }
}

export function run(args: readonly string[], options: CommandOptions): Promise<Outcome> {
  return command(args, options).ended
}

export interface RunningApp extends AsyncDisposable {
  readonly application: string
  readonly workbench: string
  readonly pid: number
  readonly command: Command
  /** SIGTERM, and what came of it. */
  stop(): Promise<Outcome>
  /** SIGKILL. */
  kill(): Promise<void>
  /** Asks the API. */
  ask(query: string, headers?: Readonly<Record<string, string>>): Promise<Response>
}

/** Starts an app and waits until it is ready. */
export async function startApp(
  folder: string,
  {
    args = ['start'],
    env = {},
  }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<RunningApp> {
  const started = command(args, { cwd: folder, env })
  const endpoints = await endpointsOf(folder, started)
  await untilReady(endpoints.application, started)
  const running: RunningApp = {
    ...endpoints,
    command: started,
    stop() {
      started.child.kill('SIGTERM')
      return started.ended
    },
    async kill() {
      started.child.kill('SIGKILL')
      await started.ended
    },
    ask: (query, headers = {}) =>
      fetch(`${endpoints.application}/api`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      }),
    async [Symbol.asyncDispose]() {
      if (started.child.exitCode === null && started.child.signalCode === null) await running.stop()
    },
  }
  return running
}

interface Listed {
  readonly application: string
  readonly workbench: string
  readonly pid: number
}

/** What `endpoints.json` lists, once this process has written it. */
export async function endpointsOf(
  folder: string,
  { child, output, ended }: Command,
): Promise<Listed> {
  const file = join(folder, '.typestead', 'endpoints.json')
  for (;;) {
    if (existsSync(file)) {
      const listed = JSON.parse(readFileSync(file, 'utf8')) as Listed
      if (listed.pid === child.pid) return listed
    }
    await stillRuns({ child, output, ended })
  }
}

export async function untilReady(application: string, started: Command): Promise<void> {
  await eventually(async () => (await fetch(`${application}/readyz`)).status === 200, started)
}

/** Waits until `holds` is true; a failure counts as not yet. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  started?: Command,
): Promise<void> {
  const end = performance.now() + 60_000
  for (;;) {
    try {
      if (await holds()) return
    } catch {
      // Not yet: a connection that is refused, for instance.
    }
    if (performance.now() > end) throw new Error(`waited in vain\n${started?.output() ?? ''}`)
    if (started) await stillRuns(started)
    else await sleep(25)
  }
}

async function stillRuns({ child, output }: Command): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    throw new Error(`it ended with ${child.exitCode ?? child.signalCode}:\n${output()}`)
  }
  await sleep(25)
}
