/** The stores that tests run on: an embedded PostgreSQL, and FerretDB (MongoDB's protocol) where this machine has it. */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Entities, Model } from '@typestead/entity'
import { type Database, embedded, mongo, open } from '@typestead/store'
import { findTool } from '../../../scripts/tools.ts'

export interface Opened extends AsyncDisposable {
  readonly db: Database
}

export interface TestStore {
  readonly name: string
  readonly available: boolean
  open<M extends Entities>(model: Model<M>): Promise<Opened>
}

const ferretdb = findTool('ferretdb')

export const stores: readonly TestStore[] = [
  { name: 'PostgreSQL', available: true, open: openPostgres },
  { name: 'FerretDB', available: ferretdb !== null, open: openFerret },
]

export async function openPostgres<M extends Entities>(model: Model<M>): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-graphql-'))
  const db = await open(model, embedded({ data: join(folder, 'postgres') }))
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function openFerret<M extends Entities>(model: Model<M>): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-graphql-'))
  const server = await startFerret(join(folder, 'sqlite'))
  const db = await open(model, mongo(`mongodb://${server.address}/app`, { connections: 1 }))
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startFerret(
  data: string,
): Promise<{ readonly address: string; stop(): Promise<void> }> {
  if (ferretdb === null) throw new Error('FerretDB is not installed; run "npm run setup"')
  await mkdir(data, { recursive: true })
  const child = spawn(
    ferretdb,
    [
      '--handler=sqlite',
      `--sqlite-url=file:${data}/`,
      '--state-dir=-',
      '--listen-addr=127.0.0.1:0',
      '--debug-addr=-',
      '--telemetry=disable',
      '--log-format=json',
      '--log-level=INFO',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const address = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stderr.on('data', (chunk: Buffer) => {
      text = (text + chunk).slice(-10_000)
      const found = /Listening on TCP (127\.0\.0\.1:\d+)/.exec(text)?.[1]
      if (found) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`FerretDB ended: ${text}`)))
  })
  return {
    address,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
