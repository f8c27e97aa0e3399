/** A FerretDB server for a test: MongoDB's protocol over SQLite, in a temporary folder, on a free port of 127.0.0.1. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ferretdb } from './ferretdb.js'
/** @throws {Error} when FerretDB is not installed, or ends before it listens; the message has what it said */
export async function startFerretDB() {
  const program = ferretdb.find()
  if (program === null) throw new Error('FerretDB is not installed; run "npm run setup"')
  const folder = await mkdtemp(join(tmpdir(), 'typestead-ferretdb-'))
  let { child, address } = await launch(program, folder, '127.0.0.1:0')
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  return {
    address,
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
async function launch(program, folder, listen) {
  const flags = ['--handler=sqlite', `--sqlite-url=file:${folder}/`, `--listen-addr=${listen}`]
  const quiet = ['--state-dir=-', '--debug-addr=-', '--telemetry=disable', '--log-format=json']
  const child = spawn(program, [...flags, ...quiet], { stdio: ['ignore', 'ignore', 'pipe'] })
  const address = await new Promise((resolve, reject) => {
    const said = []
    // It goes on being read, so that the pipe never fills.
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (said.length < 50) said.push(line)
      const [, found] = /Listening on TCP (127\.0\.0\.1:\d+)/.exec(line) ?? []
      if (found) resolve(found)
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`FerretDB ended with ${code}: ${said.join('\n')}`)),
    )
  })
  return { child, address }
}
