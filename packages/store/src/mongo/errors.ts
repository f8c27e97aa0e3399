/**
 * What the driver and the server say, in this package's terms. No document, value, command or URL is passed on: the cause
 * carries the kind and the code of the error alone, since messages of the server quote the documents they are about.
 */
import { EntityError } from '@typestead/entity'
import {
  MongoError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb'
import { StoreError } from '../errors.ts'

/** Codes of servers that are not ready: see `error_codes.yml` of MongoDB, category NotPrimary and shutdown. */
const unavailable = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])
const refused = new Set([13, 18, 8000])
const driverUnavailable =
  /^Mongo(TopologyClosed|NotConnected|PoolCleared|PoolClosed|ConnectionPoolClosed|ServerClosed|ClientClosed|ExpiredSession|WaitQueueTimeout)/

/** Runs work with what it throws translated. */
export async function guarded<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (error) {
    const translated = translate(error)
    if (isTransient(error) && translated instanceof StoreError) transient.add(translated)
    throw translated
  }
}

/** Errors after which a transaction may be begun again, as the server said. */
const transient = new WeakSet<object>()

export function translate(error: unknown): unknown {
  // Errors of the application's own work inside a transaction pass as they are.
  if (error instanceof StoreError || error instanceof EntityError || !(error instanceof MongoError))
    return error
  const cause = { cause: withoutValues(error) }
  if (error instanceof MongoNetworkTimeoutError || codeOf(error) === 50)
    return new StoreError('TIMEOUT', 'the database took too long', cause)
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    driverUnavailable.test(error.name) ||
    unavailable.has(codeOf(error))
  ) {
    return new StoreError(
      'UNAVAILABLE',
      'the database cannot be reached; try again in a moment',
      cause,
    )
  }
  if (refused.has(codeOf(error))) {
    return new StoreError(
      'UNAVAILABLE',
      'the database refuses the connection; check user, password and database in its URL',
      cause,
    )
  }
  if (codeOf(error) === 121) {
    return new StoreError(
      'INTERNAL',
      'the database refused a document that the model allows; run "typestead db migrate"',
      cause,
    )
  }
  return new StoreError('INTERNAL', 'the database failed in an unforeseen way', cause)
}

/** 0 where there is none. */
export function codeOf(error: unknown): number {
  if (!(error instanceof MongoServerError)) return 0
  return typeof error.code === 'number' ? error.code : 0
}

/** A unique index refused a write; FerretDB says so of updates and of index builds in words only. */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false
  return (
    error.code === 11000 || error.code === 11001 || /UNIQUE constraint failed/.test(error.message)
  )
}

/** A transaction may be begun again after this error, translated or not. */
export function isTransient(error: unknown): boolean {
  if (error instanceof MongoError) return error.hasErrorLabel('TransientTransactionError')
  return error instanceof StoreError && transient.has(error)
}

export function isNotImplemented(error: unknown): boolean {
  return codeOf(error) === 238 || codeOf(error) === 59 || codeOf(error) === 115
}

function withoutValues(error: MongoError): Error {
  const code = codeOf(error)
  if (code !== 0) return new Error(`${error.name} ${code}`)
  const message = error.message.replace(/\/\/[^@/\s]*@/g, '//…@')
  return new Error(error instanceof MongoServerError ? error.name : `${error.name}: ${message}`)
}
