/**
 * JSON inside a document. Keys that MongoDB or its driver would read as something else are escaped as `％`
 * (U+FF05), the character's code in hexadecimal, `;`: a leading `$`, every `.`, `％` itself, and the first letter of `_bsontype` and `__proto__`. An array
 * directly inside an array, which some compatible servers refuse, is kept as `{ '％': […] }`. Everything else is as given.
 * Keys are kept in order, so that equal JSON is equal in the database too, as it is in PostgreSQL's jsonb.
 */
const mark = '\uff05'

/** @throws {TypeError} for what JSON cannot say */
export function encodeJson(value: unknown, insideArray = false): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('JSON has no NaN and no infinities')
      // JSON writes -0 as 0.
      return value === 0 ? 0 : value
    case 'object': {
      if (value === null) return null
      if (Array.isArray(value)) {
        return nested(
          value.map((item) => encodeJson(item ?? null, true)),
          insideArray,
        )
      }
      if ('toJSON' in value && typeof value.toJSON === 'function')
        return encodeJson(value.toJSON(), insideArray)
      const entries = Object.entries(value).filter(([, part]) => part !== undefined)
      entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      return Object.fromEntries(entries.map(([key, part]) => [escapeKey(key), encodeJson(part)]))
    }
    default:
      throw new TypeError(`JSON has no ${typeof value}`)
  }
}

export function decodeJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(decodeJson)
  const inner = unnested(value)
  if (inner) return inner.map(decodeJson)
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [unescapeKey(key), decodeJson(part)]),
  )
}

/** The array as it is kept at this place. */
export function nested(items: readonly unknown[], insideArray: boolean): unknown {
  return insideArray ? { [mark]: items } : items
}

/** The items of an array inside an array; undefined for any other object. */
export function unnested(value: object): readonly unknown[] | undefined {
  const items = (value as Record<string, unknown>)[mark]
  return Array.isArray(items) ? items : undefined
}

function escapeKey(key: string): string {
  const plain = key.replace(/[\uff05.]/g, code)
  return /^\$|^_bsontype$|^__proto__$/.test(plain) ? code(plain) + plain.slice(1) : plain
}

function unescapeKey(key: string): string {
  return key.replace(/\uff05([0-9A-F]{2,4});/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

function code(text: string): string {
  return `${mark}${text.charCodeAt(0).toString(16).toUpperCase()};`
}
