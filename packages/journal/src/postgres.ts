/** `@typestead/journal/postgres`: a journal in PostgreSQL, for many processes. */

export type { PostgresJournalOptions } from './postgres/pg-storage.ts'
export { fromClient } from './postgres/pg-storage.ts'
export { postgres } from './postgres/postgres.ts'
