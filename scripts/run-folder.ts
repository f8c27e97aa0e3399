/**
 * Vitest's global set-up: a folder for what the test files of one run share, `TYPESTEAD_TEST_RUN`, removed when it ends; that of
 * a run that was killed is removed by the next. In it lies the compile cache of the programs that tests start: only the first
 * of them strips the types of a file and compiles it, and the others start in a third of the time.
 */
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What it returns removes the folder. */
export default async function makeRunFolder(): Promise<() => Promise<void>> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = /^typestead-test-run-(\d+)-/.exec(name) ?? []
    if (pid !== undefined && !isAlive(Number(pid))) await remove(join(tmpdir(), name))
  }
  const folder = await mkdtemp(join(tmpdir(), `typestead-test-run-${process.pid}-`))
  // Servers that root starts run as another user, and must pass.
  await chmod(folder, 0o755)
  process.env.TYPESTEAD_TEST_RUN = folder
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compile-cache')
  return () => remove(folder)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A folder that can't be removed (another user's) stays: it is in nobody's way. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => {})
}
