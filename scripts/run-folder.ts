/**
 * Vitest's global set-up: a folder for what the test files of one run share, `TYPESTEAD_TEST_RUN`, removed when it ends.
 * In it lies the compile cache of the programs that tests start: only the first of them strips the types of a file and
 * compiles it, and the others start in a third of the time.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What it returns removes the folder. */
export default async function makeRunFolder(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-test-run-'))
  // Servers that root starts run as another user, and must pass.
  await chmod(folder, 0o755)
  process.env.TYPESTEAD_TEST_RUN = folder
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compile-cache')
  return () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
