/**
 * What an error says of which field, told by its shape: `issues` (Standard Schema, `@typestead/entity`), `fields` (a
 * store's conflict names fields, an API's error has a path for each), or `errors` of a GraphQL answer with such fields in
 * their extensions. Codes: BAD_INPUT, CONFLICT and STALE, as `@typestead/graphql` and `@typestead/store` have them.
 */

export interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** An error's parts, each of which may be missing or something else. */
interface Told {
  readonly code?: unknown
  readonly message?: unknown
  readonly issues?: unknown
  readonly fields?: unknown
  readonly errors?: unknown
  readonly extensions?: unknown
}

/** What is wrong with which field; undefined when the error names none. */
export function issuesOf(error: unknown): readonly Issue[] | undefined {
  const { issues, fields, errors, extensions } = told(error)
  const found = [
    ...(Array.isArray(issues) ? issues : []),
    ...(Array.isArray(fields) ? fields : []),
  ].flatMap(issueOf)
  // Each error of a GraphQL answer has its own extensions.
  if (Array.isArray(errors)) {
    for (const one of errors) {
      const inside = issuesOf(told(one).extensions)
      found.push(...(inside ?? [{ message: messageOf(one) }]))
    }
    if (!found.some(({ path }) => path !== undefined)) return undefined
  } else if (extensions !== undefined && found.length === 0) return issuesOf(extensions)
  return found.length === 0 ? undefined : found
}

/** Whether the row has changed since it was read. */
export function isStale(error: unknown): boolean {
  const { code, errors, extensions } = told(error)
  if (code === 'STALE' || told(extensions).code === 'STALE') return true
  return Array.isArray(errors) && errors.some(isStale)
}

export function messageOf(error: unknown): string {
  const { message } = told(error)
  return typeof message === 'string' ? message : String(error)
}

/** `must be 1 or more` under the label "Pages" is `Pages must be 1 or more`; other messages begin with a capital. */
export function sentenceOf(label: string, message: string): string {
  if (/^(must|is|has|may|can|cannot|should|does)\b/.test(message)) return `${label} ${message}`
  return message.charAt(0).toUpperCase() + message.slice(1)
}

/** A conflict of the store has names of fields only. */
function issueOf(one: unknown): readonly Issue[] {
  if (typeof one === 'string') return [{ path: [one], message: 'is taken: it must be unique' }]
  const { message } = told(one)
  return typeof message === 'string' ? [one as Issue] : []
}

function told(error: unknown): Told {
  return typeof error === 'object' && error !== null ? error : {}
}
