/** Embedded PostgreSQL: `@typestead/store/embedded`. For development; a caller that is in production refuses it. */
export {
  EmbeddedPostgresError,
  type EmbeddedPostgresErrorCode,
} from './embedded/embedded-postgres-error.ts'
export type { EmbeddedServer, ServerExit } from './embedded/embedded-server.ts'
export { type EmbeddedOptions, startEmbedded } from './embedded/start-embedded.ts'
