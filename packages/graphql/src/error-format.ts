/**
 * Errors as callers see them: those meant for them with their code, everything else masked by an id under which the
 * report is found. No statement, value or stack goes out.
 */
import { ValidationError } from '@typestead/entity'
import { StoreError, type StoreErrorCode } from '@typestead/store'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { ApiError } from './api-error.ts'

/** What `onError` gets of an error that callers see masked, or of a store that does not answer. */
export interface ErrorReport {
  /** Also in the answer, as `extensions.id`. */
  readonly id: string
  readonly code: string
  readonly error: unknown
  readonly path?: readonly (string | number)[]
  readonly operationName?: string
}

export type ReportError = (report: ErrorReport) => void

/** One for each request: an error that several fields share is reported once. */
export class ErrorFormat {
  readonly #report: ReportError
  readonly #operationName: string | undefined
  readonly #ids = new Map<unknown, string>()

  constructor(report: ReportError, operationName?: string) {
    this.#report = report
    this.#operationName = operationName
  }

  format(error: GraphQLError): GraphQLFormattedError {
    const shown = this.#shown(causeOf(error), error.path)
    return {
      message: shown.message,
      ...(error.locations === undefined ? {} : { locations: error.locations }),
      ...(error.path === undefined ? {} : { path: error.path }),
      extensions: {
        code: shown.code,
        ...(shown.fields === undefined ? {} : { fields: shown.fields }),
        ...shown.extensions,
      },
    }
  }

  /** The same for an error outside of any field. */
  formatRequest(error: unknown): GraphQLFormattedError {
    return this.format(new GraphQLError('', { originalError: error as Error }))
  }

  #shown(cause: unknown, path: GraphQLError['path']): ApiError {
    if (cause instanceof ApiError) return cause
    if (cause instanceof ValidationError) {
      return new ApiError('BAD_INPUT', cause.message, { fields: cause.issues })
    }
    if (cause instanceof StoreError) {
      const shown = storeErrors[cause.code]
      if (shown === undefined) return this.#masked(cause, path)
      if (shown.reported) this.#reported(shown.code, cause, path)
      return new ApiError(shown.code, shown.message)
    }
    if (cause instanceof GraphQLError) {
      const { code, ...extensions } = cause.extensions
      if (typeof code === 'string') return new ApiError(code, cause.message, { extensions })
      // An argument that needs a value stands in a variable that has none.
      if (cause.message.startsWith('Argument "')) {
        return new ApiError(
          'BAD_INPUT',
          'an argument that needs a value got a variable without one',
        )
      }
    }
    return this.#masked(cause, path)
  }

  #masked(cause: unknown, path: GraphQLError['path']): ApiError {
    const id = this.#reported('INTERNAL', cause, path)
    return new ApiError('INTERNAL', 'internal error', { extensions: { id } })
  }

  #reported(code: string, error: unknown, path: GraphQLError['path']): string {
    const known = this.#ids.get(error)
    if (known !== undefined) return known
    const id = crypto.randomUUID()
    this.#ids.set(error, id)
    this.#report({
      id,
      code,
      error,
      ...(path === undefined ? {} : { path }),
      ...(this.#operationName === undefined ? {} : { operationName: this.#operationName }),
    })
    return id
  }
}

interface Shown {
  readonly code: string
  readonly message: string
  readonly reported?: boolean
}

const storeErrors: Readonly<Partial<Record<StoreErrorCode, Shown>>> = {
  CONFLICT: {
    code: 'CONFLICT',
    message: 'another row has the same values, or changed at the same time',
  },
  REFERENCED: { code: 'REFERENCED', message: 'other rows still point to this one' },
  STALE: { code: 'STALE', message: 'the row changed since it was read; read it again' },
  FORBIDDEN: { code: 'FORBIDDEN', message: 'a rule does not allow this' },
  UNAVAILABLE: {
    code: 'UNAVAILABLE',
    message: 'the store does not answer now; try again in a moment',
    reported: true,
  },
  TIMEOUT: { code: 'TIMEOUT', message: 'the store took too long', reported: true },
  UNSUPPORTED: { code: 'UNSUPPORTED', message: 'the store behind this API cannot do this' },
  BAD_CURSOR: {
    code: 'BAD_INPUT',
    message: 'this cursor is not one of this list in this order; start again without it',
  },
}

/** What was thrown, out of the wrappings that graphql-js puts around it. */
export function causeOf(error: GraphQLError): unknown {
  let cause: unknown = error
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError
  return cause
}
