/** The PostgreSQL server that the benches share: started once, for as long as the harness lives. */
import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@typestead/store/embedded'

export const data = join(tmpdir(), `typestead-bench-journal-${process.pid}`)

let started: Promise<unknown> | undefined

export function prepare(): Promise<void> {
  started ??= startEmbedded({ data }).then(() => process.once('exit', removeData))
  return started.then(() => {})
}

/** The server was told to stop by then; it writes into its folder until it has. */
function removeData(): void {
  const pidFile = join(data, 'postgres', 'postmaster.pid')
  for (let waited = 0; existsSync(pidFile) && waited < 10_000; waited += 50) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
  rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
