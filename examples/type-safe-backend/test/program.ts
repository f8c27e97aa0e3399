/** Runs the program as its users do, in a process of its own on a free port, on each store that this machine has. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTool, startFerretDB } from '../../../scripts/tools.ts'

export interface Program extends AsyncDisposable {
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  /** Ends it by SIGTERM; the exit code. */
  stop(): Promise<number | null>
}

const ferretdb = findTool('ferretdb')

export const stores = [
  { name: 'PostgreSQL', available: true, start: startOnPostgres },
  { name: 'FerretDB', available: ferretdb !== null, start: startOnFerret },
] as const

async function startOnPostgres(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'example-'))
  return startProgram({ TYPESTEAD_DATA: folder }, () => rm(folder, { recursive: true }))
}

async function startOnFerret(): Promise<Program> {
  const server = await startFerretDB()
  // FerretDB on SQLite loses one of two updates of a document that come by two connections.
  const url = `mongodb://${server.address}/app?maxPoolSize=1`
  return startProgram({ MONGO_URL: url }, () => server[Symbol.asyncDispose]())
}

/** The program with these settings; `cleanup` runs after it has ended. */
export async function startProgram(
  env: Readonly<Record<string, string>>,
  cleanup: () => PromiseLike<void> = async () => {},
): Promise<Program> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../main.ts')], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await lineOf(child, /(http:\/\/127\.0\.0\.1:\d+)/)
  return {
    url,
    env,
    stop: () => end(child),
    async [Symbol.asyncDispose]() {
      await end(child)
      await cleanup()
    },
  }
}

/** What the first line that matches has in its first group; it must come before the process ends. */
function lineOf(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const hear = (chunk: Buffer) => {
      text = `${text}${chunk}`.slice(-20_000)
      const found = pattern.exec(text)?.[1]
      if (found) resolve(found)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${text}`)))
  })
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
  return child.exitCode
}

/** The answer to a GraphQL request. */
export async function ask(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  // GraphQL over HTTP answers with this shape, whatever the status.
  return (await response.json()) as Answer
}

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers of many shapes, each stated by the expectation.
  readonly data?: any
  readonly errors?: readonly {
    readonly message: string
    readonly extensions: Readonly<Record<string, unknown>>
  }[]
}
