/**
 * The programs that some tests want and npm doesn't bring: where they are on this machine.
 * A test asks `findTool` and is skipped by name when the answer is null; only `npm run setup` installs anything.
 */
import { chromium } from './tools/chromium.ts'
import { ferretdb } from './tools/ferretdb.ts'
import type { Tool } from './tools/tool.ts'

export type ToolName = 'chromium' | 'ferretdb'

const byName: Readonly<Record<ToolName, Tool>> = { chromium, ferretdb }

/** Every tool, in the order `npm run setup` installs them. */
export const tools: readonly Tool[] = Object.values(byName)

/** The absolute path of the tool's program, or null when this machine hasn't got it. Installs nothing. */
export function findTool(name: ToolName): string | null {
  return byName[name].find()
}

export { fillOnce } from './made-once.ts'
export { type FerretDBServer, startFerretDB } from './tools/ferretdb-server.ts'
export { postgresData } from './tools/postgres-data.ts'
