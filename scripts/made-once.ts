/**
 * A folder that is costly to make (an initdb, a seeded database), made by the first test file of a run that wants it, and
 * copied for each. The copy has the owners and modes of what was made: a cluster belongs to the user its server runs as.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { lockFolder } from './lock-folder.ts'

/**
 * Fills `folder`, which is there and empty, with what `make` leaves in a folder; `name` is the same for all that share it.
 * Outside a run of Vitest (see run-folder.ts) and on Windows `make` runs each time.
 */
export async function fillOnce(
  folder: string,
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  const run = process.env.TYPESTEAD_TEST_RUN
  if (run === undefined || process.platform === 'win32') return make(folder)
  const made = join(run, name)
  {
    await using _lock = await lockFolder(`${made}.making`, () => {})
    if (!existsSync(made)) {
      await make(`${made}.unfinished`)
      await rename(`${made}.unfinished`, made)
    }
  }
  await promisify(execFile)('cp', ['-a', `${made}/.`, folder])
}
