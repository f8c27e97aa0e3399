/** What the driver and the server say, in this package's terms. No statement, value or row is passed on. */
import { ValidationError } from '@typestead/entity'
import { StoreError } from '../errors.ts'

/** What a constraint is about, by its name in the database. */
export interface ConstraintSubject {
  readonly kind: 'unique' | 'link' | 'check'
  readonly entity: string
  readonly fields: readonly string[]
  /** Of a link: the entity that it leads to. */
  readonly target?: string
}

interface PgError extends Error {
  readonly code?: string
  readonly constraint?: string
  readonly table?: string
  readonly column?: string
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EACCES',
])

/** SQLSTATE codes: PostgreSQL documentation, appendix A. */
export function translate(error: unknown, subjects: ReadonlyMap<string, ConstraintSubject>): Error {
  if (error instanceof StoreError || error instanceof ValidationError) return error
  const { code = '', message, constraint = '' } = error as PgError
  const cause = { cause: told(error as PgError) }
  const subject = subjects.get(constraint)
  if (
    unreachable.has(code) ||
    code.startsWith('08') ||
    code.startsWith('57P') ||
    code.startsWith('53') ||
    isLost(message)
  ) {
    return new StoreError(
      'UNAVAILABLE',
      'the database cannot be reached; try again in a moment',
      cause,
    )
  }
  if (code === '57014') return new StoreError('TIMEOUT', 'the database took too long', cause)
  if (code === '55P03')
    return new StoreError('TIMEOUT', 'rows are locked by someone else for too long', cause)
  if (code === '25P02') {
    const text =
      'an earlier statement of this transaction failed; use a nested transaction for what may fail'
    return new StoreError('TRANSACTION_ABORTED', text, cause)
  }
  if (code === '28P01' || code === '28000' || code === '3D000') {
    return new StoreError(
      'UNAVAILABLE',
      'the database refuses the connection; check user, password and database in its URL',
      cause,
    )
  }
  if (code === '23505' && subject) {
    const text = `a ${subject.entity} with this ${subject.fields.join(' and ')} exists already`
    return new StoreError('CONFLICT', text, {
      ...cause,
      entity: subject.entity,
      fields: subject.fields,
    })
  }
  if (code === '23503' && subject) return linkError(subject, message, cause)
  if (code === '23514' && subject)
    return new ValidationError(
      [{ path: subject.fields, message: 'is not allowed' }],
      subject.entity,
    )
  if (code === '42501') return new StoreError('FORBIDDEN', 'a rule does not allow this', cause)
  if (code === '42P01' || code === '42703') {
    return new StoreError(
      'MIGRATION_PENDING',
      'the database lacks a table or column of this model; run "typestead db migrate"',
      cause,
    )
  }
  if (code.startsWith('22'))
    return new ValidationError([
      { path: [], message: 'the database cannot store one of the values' },
    ])
  return new StoreError('INTERNAL', 'the database failed in an unforeseen way', cause)
}

/** What the server says has values of rows in it (message, detail, hint): only what names the problem is passed on. */
export function told(error: PgError & { readonly routine?: string }): Error {
  const { code = '', constraint, table, column, routine } = error
  // Errors of sockets have no SQLSTATE, and no values.
  if (!/^[0-9A-Z]{5}$/.test(code)) return error
  const places = Object.entries({ table, column, constraint, routine }).filter(([, name]) => name)
  const text = places.map(([what, name]) => ` ${what} ${name}`).join(',')
  return Object.assign(new Error(`PostgreSQL: SQLSTATE ${code}${text}`), { code })
}

function isLost(message: string): boolean {
  return /connection terminated|timeout exceeded when trying to connect|connection error|pool after calling end/i.test(
    message,
  )
}

/** "insert or update on table …" is a link to nowhere; "update or delete on table …" a row that is still linked to. */
function linkError(subject: ConstraintSubject, message: string, cause: ErrorOptions): Error {
  if (/^(update or delete|delete)/.test(message)) {
    const text = `there are still rows of ${subject.entity} whose ${subject.fields.join(' and ')} it is`
    return new StoreError('REFERENCED', text, {
      ...cause,
      entity: subject.entity,
      fields: subject.fields,
    })
  }
  return noSuchLink(subject.fields[0] ?? '', subject.target ?? 'row', subject.entity)
}

export function noSuchLink(relation: string, target: string, entity: string): ValidationError {
  return new ValidationError([{ path: [relation], message: `there is no such ${target}` }], entity)
}
