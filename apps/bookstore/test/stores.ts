/** The stores that the shop is tried on: embedded PostgreSQL, and FerretDB (MongoDB's protocol) where this machine has it. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTool } from '../../../scripts/tools.ts'

export interface OpenStore extends AsyncDisposable {
  /** What the command line needs to know of it. */
  readonly env: Readonly<Record<string, string>>
  /** What a plan that adds the property `nickname` says of it. */
  readonly planTells: readonly RegExp[]
  /** Whether so many rows that a shop has would take it minutes: FerretDB on SQLite writes some 80 a second. */
  readonly slow: boolean
}

const ferretdb = findTool('ferretdb')

export const stores = [
  { name: 'PostgreSQL', available: true, open: openPostgres },
  { name: 'FerretDB', available: ferretdb !== null, open: openFerret },
] as const

const everywhere = [/User\.nickname was added/, /"maxLength":40/]

async function openPostgres(): Promise<OpenStore> {
  return {
    env: {},
    slow: false,
    planTells: [/alter table "user" add column "nickname"/, /MongoDB validator/, ...everywhere],
    async [Symbol.asyncDispose]() {},
  }
}

async function openFerret(): Promise<OpenStore> {
  const folder = await mkdtemp(join(tmpdir(), 'ferretdb-'))
  const flags = ['--handler=sqlite', `--sqlite-url=file:${folder}/`, '--listen-addr=127.0.0.1:0']
  const quiet = ['--state-dir=-', '--debug-addr=-', '--telemetry=disable']
  const server = spawn(ferretdb ?? '', [...flags, ...quiet], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    let text = ''
    server.stderr.on('data', (chunk: Buffer) => {
      text = `${text}${chunk}`.slice(-10_000)
      const found = /Listening on TCP (127\.0\.0\.1:\d+)/.exec(text)?.[1]
      if (found) resolve(found)
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`FerretDB ended: ${text}`)))
  })
  return {
    env: { DATABASE_URL: `mongodb://${address}/shop` },
    slow: true,
    planTells: [/"update":"user".*"nickname":null/, ...everywhere],
    async [Symbol.asyncDispose]() {
      server.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
