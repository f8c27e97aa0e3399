/**
 * What no store holds, whatever the field's own checks say: the character U+0000 (PostgreSQL's text and jsonb),
 * a surrogate without its other half (not UTF-8, so it would come back changed), and values nested deeper than
 * `maximumNesting` (MongoDB reads 100 levels; so deep a value would also exhaust the stack of a recursive check).
 */
import type { Issue } from './errors.ts'

const maximumNesting = 64

/** Whether every store gives the text back as it is. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** Whether there is no such thing inside an input, which may be cyclic. */
export function holdsStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth > maximumNesting) return false
  if (Array.isArray(value)) {
    for (const item of value) if (!holdsStorable(item, depth + 1)) return false
    return true
  }
  if (!isPlainObject(value)) return true
  for (const name of Object.keys(value)) {
    if (!isStorable(name) || !holdsStorable(value[name], depth + 1)) return false
  }
  return true
}

/** The first such thing in a value for which `holdsStorable` is false. */
export function unstorableIssue(value: unknown, root: Issue['path']): Issue {
  return find(value, root, 0) ?? { path: root, message: 'cannot be stored' }
}

function find(value: unknown, path: Issue['path'], depth: number): Issue | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : wrongText(path, value)
  if (typeof value !== 'object' || value === null) return undefined
  if (depth > maximumNesting) {
    return { path: path.slice(0, 1), message: `must be nested at most ${maximumNesting} deep` }
  }
  if (!Array.isArray(value) && !isPlainObject(value)) return undefined
  for (const [name, part] of Object.entries(value)) {
    if (!isStorable(name)) return wrongText(path, name)
    const issue = find(part, [...path, Array.isArray(value) ? Number(name) : name], depth + 1)
    if (issue) return issue
  }
  return undefined
}

/** Whether a value is JSON. Numbers that JSON cannot write are not. */
export function isJson(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      if (value === null) return true
      if (depth > maximumNesting) return false
      if (Array.isArray(value)) return value.every((item) => isJson(item, depth + 1))
      return isPlainObject(value) && Object.values(value).every((part) => isJson(part, depth + 1))
    default:
      return false
  }
}

/** An object literal or a record without prototype, from this realm or another; not an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function wrongText(path: Issue['path'], text: string): Issue {
  const message = text.includes('\0')
    ? 'must not contain the character U+0000'
    : 'must not contain half of a surrogate pair'
  return { path, message }
}
