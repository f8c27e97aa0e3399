/** Entities in PostgreSQL and MongoDB: see the README of this package. */
export type {
  AppliedMigration,
  ApplyOptions,
  Backend,
  Capabilities,
  MigrationPlan,
  MigrationStep,
  Migrator,
  TransactionOptions,
} from './backend.ts'
export type { ChangeEvent, ChangesOptions, Cursor } from './change-feed.ts'
export { Database, Transactional } from './database.ts'
export { StoreError, type StoreErrorCode } from './errors.ts'
export { type OpenOptions, open, type Source } from './open.ts'
export type { FindOptions, Operations, Page, PageOptions, UpdateOptions } from './operations.ts'
export { postgresSteps } from './postgres/migration-steps.ts'
export type { Current } from './scope.ts'
export { embedded, type MongoOptions, mongo, type PostgresOptions, postgres } from './sources.ts'
