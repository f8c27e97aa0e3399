/**
 * What no store holds, whatever the field's own checks say: the character U+0000 (PostgreSQL's text and jsonb),
 * a surrogate without its other half (not UTF-8, so it would come back changed), and values nested deeper than
 * `maximumNesting` (MongoDB reads 100 levels; so deep a value would also exhaust the stack of a recursive check).
 */
import type { Issue } from './errors.ts'
import { isObject, isPlainObject } from './record.ts'

const maximumNesting = 64
const tooDeep = `must be nested at most ${maximumNesting} deep`

/** Whether every store gives the text back as it is. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** The first such thing inside an input, which may be cyclic; what is nested too deep is told at `root`. */
export function unstorableIssue(value: unknown, root: Issue['path'] = []): Issue | undefined {
  const found = find(value, 0)
  return (
    found && {
      path: found.message === tooDeep ? root : [...root, ...found.path],
      message: found.message,
    }
  )
}

interface Found {
  readonly message: string
  readonly path: (string | number)[]
}

/** The path is made on the way back, so that a value without such a thing costs no memory. */
function find(value: unknown, depth: number): Found | undefined {
  if (typeof value === 'string') return findText(value)
  if (!isObject(value)) return undefined
  if (depth > maximumNesting) return { message: tooDeep, path: [] }
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const found = find(value[at], depth + 1)
      if (found) return under(at, found)
    }
  } else if (isPlainObject(value)) {
    for (const name of Object.keys(value)) {
      const wrongName = findText(name)
      if (wrongName) return wrongName
      const found = find(value[name], depth + 1)
      if (found) return under(name, found)
    }
  }
  return undefined
}

function under(name: string | number, found: Found): Found {
  found.path.unshift(name)
  return found
}

function findText(text: string): Found | undefined {
  if (isStorable(text)) return undefined
  const what = text.includes('\0') ? 'the character U+0000' : 'half of a surrogate pair'
  return { message: `must not contain ${what}`, path: [] }
}

/** Whether a value is JSON. Numbers that JSON cannot write are not. */
export function isJson(value: unknown, depth = 0): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (!isObject(value)) return value === null || ['string', 'boolean'].includes(typeof value)
  return (
    depth <= maximumNesting &&
    (Array.isArray(value) || isPlainObject(value)) &&
    Object.values(value).every((part) => isJson(part, depth + 1))
  )
}
