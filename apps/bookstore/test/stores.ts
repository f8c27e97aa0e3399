/** The stores that the shop is tried on: embedded PostgreSQL, and FerretDB (MongoDB's protocol) where this machine has it. */
import { findTool, startFerretDB } from '../../../scripts/tools.ts'

export interface OpenStore extends AsyncDisposable {
  /** What the command line needs to know of it. */
  readonly env: Readonly<Record<string, string>>
  /** What a plan that adds the property `nickname` says of it. */
  readonly planTells: readonly RegExp[]
  /** Whether so many rows that a shop has would take it minutes: FerretDB on SQLite writes some 80 a second. */
  readonly slow: boolean
}

const ferretdb = findTool('ferretdb')

export const stores = [
  { name: 'PostgreSQL', available: true, open: openPostgres },
  { name: 'FerretDB', available: ferretdb !== null, open: openFerret },
] as const

const everywhere = [/User\.nickname was added/, /"maxLength":40/]

async function openPostgres(): Promise<OpenStore> {
  return {
    env: {},
    slow: false,
    planTells: [/alter table "user" add column "nickname"/, /MongoDB validator/, ...everywhere],
    async [Symbol.asyncDispose]() {},
  }
}

async function openFerret(): Promise<OpenStore> {
  const server = await startFerretDB()
  return {
    env: { DATABASE_URL: `mongodb://${server.address}/shop` },
    slow: true,
    planTells: [/"update":"user".*"nickname":null/, ...everywhere],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
