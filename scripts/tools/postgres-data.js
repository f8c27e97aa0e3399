/** Data folders for tests that start an embedded PostgreSQL: with a cluster in it, so that initdb runs once in a run of tests. */
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@typestead/store/embedded'
import { fillOnce } from '../made-once.js'
/** A new temporary folder, as a server leaves it that was stopped. Whoever asks removes it. */
export async function postgresData(prefix) {
  const folder = await mkdtemp(join(tmpdir(), prefix))
  // The server that root starts runs as another user, and must pass.
  await chmod(folder, 0o755)
  await fillOnce(folder, 'postgres-data', async (data) => {
    await (await startEmbedded({ data }))[Symbol.asyncDispose]()
  })
  return folder
}
