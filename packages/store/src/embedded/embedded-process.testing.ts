/**
 * For tests: a process of its own that holds an embedded server and does what it is told, a line at a time, so that it
 * can be killed without harm to the test.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { postgresData } from '../../../../scripts/tools.ts'
import { gone } from './postmaster.ts'
import { findServer, signalProcess } from './running-server.ts'
import { removeSocketFolder } from './socket-folder.ts'

export interface ProcessState {
  readonly pid: number
  readonly host: string
  readonly port: number
  readonly owner: boolean
  readonly version: string
}

export interface ProcessOptions {
  readonly data: string
  readonly autoRestart?: boolean
  readonly resolveFrom?: string
}

export interface EmbeddedProcess extends AsyncDisposable {
  /** The holder's own pid. */
  readonly pid: number
  /** Resolves once the server is held; rejects with `code: message` of its error. */
  readonly started: Promise<ProcessState>
  state(): Promise<ProcessState>
  dispose(): Promise<void>
  restart(): Promise<void>
  /** `process.exit(0)` without disposal. */
  exit(): Promise<void>
  /** `kill -9`, and waits for the end. */
  kill(): Promise<void>
}

const program = `
const [url, options] = process.argv.slice(1)
const { startEmbedded } = await import(url)
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n')
try {
  const server = await startEmbedded(JSON.parse(options))
  const state = () => ({ pid: server.pid, host: server.host, port: server.port, owner: server.owner, version: server.version })
  say(state())
  let text = ''
  process.stdin.on('data', async (chunk) => {
    text += chunk
    const lines = text.split('\\n')
    text = lines.pop()
    for (const line of lines) {
      try {
        if (line === 'dispose') await server[Symbol.asyncDispose]()
        if (line === 'restart') await server.restart()
        if (line === 'exit') process.exit(0)
        say(state())
      } catch (error) {
        say({ error: error.code + ': ' + error.message })
      }
    }
  })
} catch (error) {
  say({ error: error.code + ': ' + error.message })
}
`

/** Starts the process; `uid` runs it as another user (root only). */
export function embeddedProcess(options: ProcessOptions, uid?: number): EmbeddedProcess {
  const url = new URL('./start-embedded.ts', import.meta.url).href
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', program, url, JSON.stringify(options)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
      cwd: import.meta.dirname,
      ...(uid === undefined ? {} : { uid, gid: uid }),
    },
  )
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<ProcessState> => {
    const { value, done } = await answers.next()
    if (done) throw new Error('the process has ended')
    const parsed = JSON.parse(value)
    if (parsed.error) throw new Error(parsed.error)
    return parsed
  }
  const tell = (line: string) => {
    child.stdin.write(`${line}\n`)
    return answer()
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const started = answer()
  started.catch(() => {})
  return {
    pid: pidOf(child),
    started,
    state: () => tell('state'),
    dispose: async () => void (await tell('dispose')),
    restart: async () => void (await tell('restart')),
    exit: () => {
      child.stdin.write('exit\n')
      return ended
    },
    kill: () => {
      child.kill('SIGKILL')
      return ended
    },
    [Symbol.asyncDispose]: () => {
      child.kill('SIGKILL')
      return ended
    },
  }
}

/** A temporary folder that every user may pass; disposal ends a server left in it or in its `data`, and removes it. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'store-embedded-'))
  chmodSync(path, 0o755)
  return disposable(path)
}

function disposable(path: string): AsyncDisposable & { readonly path: string } {
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      for (const data of [path, join(path, 'data')]) {
        const left = findServer(join(data, 'postgres'))
        if (!left) continue
        signalProcess(left.process.pid, 'SIGQUIT')
        await gone(left.process, 10_000)
        removeSocketFolder(left.file.socketFolder)
      }
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** As `temporaryFolder`, with a cluster in it as a server leaves it that was stopped: for what comes after initdb. */
export async function folderWithCluster(): ReturnType<typeof temporaryFolder> {
  return disposable(await postgresData('store-embedded-'))
}

/** One query over a connection of its own. */
export async function query<Row extends Record<string, unknown>>(
  server: { readonly host: string; readonly port: number },
  text: string,
  database = 'app',
): Promise<Row[]> {
  const { host, port } = server
  const client = new Client({ host, port, user: 'typestead', database })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<Row>(text)
    return rows
  } finally {
    await client.end()
  }
}

/** Asks again until the answer is yes. */
export async function until(what: string, ask: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1500; tries++) {
    if (await ask()) return
    await sleep(20)
  }
  throw new Error(`never came true: ${what}`)
}

export function killHard(pid: number): void {
  signalProcess(pid, 'SIGKILL')
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the process did not start')
  return child.pid
}
