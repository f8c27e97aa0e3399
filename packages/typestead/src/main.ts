/** The command line's entry: runs one command and ends with its exit code. */
import { run } from './cli/run.ts'

const code = await run(process.argv.slice(2))
// A handle that the app's config left open must not keep a finished command alive.
process.stdout.write('', () => process.exit(code))
