import type { Tool } from './tools/tool.ts'
export type ToolName = 'chromium' | 'ferretdb'
/** Every tool, in the order `npm run setup` installs them. */
export declare const tools: readonly Tool[]
/** The absolute path of the tool's program, or null when this machine hasn't got it. Installs nothing. */
export declare function findTool(name: ToolName): string | null
export { fillOnce } from './made-once.ts'
export { type FerretDBServer, startFerretDB } from './tools/ferretdb-server.ts'
export { postgresData } from './tools/postgres-data.ts'
