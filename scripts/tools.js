/**
 * The programs that some tests want and npm doesn't bring: where they are on this machine.
 * A test asks `findTool` and is skipped by name when the answer is null; only `npm run setup` installs anything.
 */
import { chromium } from './tools/chromium.js'
import { ferretdb } from './tools/ferretdb.js'

const byName = { chromium, ferretdb }
/** Every tool, in the order `npm run setup` installs them. */
export const tools = Object.values(byName)
/** The absolute path of the tool's program, or null when this machine hasn't got it. Installs nothing. */
export function findTool(name) {
  return byName[name].find()
}
export { fillOnce } from './made-once.js'
export { startFerretDB } from './tools/ferretdb-server.js'
export { postgresData } from './tools/postgres-data.js'
