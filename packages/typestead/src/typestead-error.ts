/** The error of this package: a stable code, a message that says what to do, and the exit code of the command line. */
import { type ExitCode, exitCodes } from './exit-code.ts'

export type TypesteadErrorCode =
  /** No `typestead.config.ts` here or above. */
  | 'CONFIG_MISSING'
  /** The config could not be loaded, or its default export is not what `defineConfig` takes. */
  | 'CONFIG_INVALID'
  /** An option or environment variable has a value that it cannot have. */
  | 'USAGE'
  /** A package that the app needs for this is not installed in it. */
  | 'PACKAGE_MISSING'
  /** The app's config has no such part, for instance no `api`. */
  | 'NOT_CONFIGURED'
  /** Another program listens on the port. */
  | 'PORT_BUSY'
  /** The address cannot be listened on. */
  | 'LISTEN_FAILED'
  | 'MIGRATIONS_PENDING'
  /** It would lose data or break clients. */
  | 'REFUSED'
  /** Not fit for production as it is set up. */
  | 'NOT_FOR_PRODUCTION'
  /** A name that the config's `secrets` does not list. */
  | 'SECRET_UNKNOWN'
  /** `secrets.json` is damaged, or was written by a newer version. */
  | 'SECRETS_INVALID'
  | 'SEED_FAILED'
  | 'FOLDER_NOT_EMPTY'
  | 'BUILD_FAILED'
  /** The training data of a project is wrong. */
  | 'TRAINING_FAILED'
  | 'BOT_INVALID'

const exitCodeOf: Partial<Record<TypesteadErrorCode, ExitCode>> = {
  CONFIG_MISSING: exitCodes.usage,
  USAGE: exitCodes.usage,
  MIGRATIONS_PENDING: exitCodes.migrationsPending,
  REFUSED: exitCodes.refused,
  NOT_FOR_PRODUCTION: exitCodes.refused,
}

export class TypesteadError extends Error {
  readonly code: TypesteadErrorCode
  readonly exitCode: ExitCode

  constructor(code: TypesteadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'TypesteadError'
    this.code = code
    this.exitCode = exitCodeOf[code] ?? exitCodes.error
  }
}
