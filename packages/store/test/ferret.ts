/** A FerretDB server for a test file, in a folder of its own, with as many empty databases as it asks for. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type MongoOptions, mongo } from '@typestead/store'
import type { StoreServer } from './behaviour.ts'

export interface FerretServer extends StoreServer {
  freshUrl(): string
  /** Stops the server, and starts one over the same data on the same port. */
  stop(): Promise<void>
  restart(): Promise<void>
}

export async function startFerret(
  program: string,
  options: MongoOptions = {},
): Promise<FerretServer> {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-ferret-'))
  let { child, address } = await launch(program, folder, '127.0.0.1:0')
  let databases = 0
  const freshUrl = () => `mongodb://${address}/test${++databases}`
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return {
    freshUrl,
    fresh: async () => mongo(freshUrl(), options),
    stop,
    async restart() {
      await stop()
      ;({ child, address } = await launch(program, folder, address))
    },
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function launch(
  program: string,
  folder: string,
  listen: string,
): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(
    program,
    [
      '--handler=sqlite',
      `--sqlite-url=file:${folder}/`,
      '--state-dir=-',
      `--listen-addr=${listen}`,
      '--debug-addr=-',
      '--telemetry=disable',
      '--log-format=json',
      '--log-level=INFO',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const address = await new Promise<string>((resolve, reject) => {
    const said: string[] = []
    // It goes on being read, so that the pipe never fills.
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      if (said.length < 50) said.push(line)
      const [, found] = /Listening on TCP (127\.0\.0\.1:\d+)/.exec(line) ?? []
      if (found) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`ferretdb ended with ${code}: ${said.join('\n')}`)),
    )
  })
  return { child, address }
}
