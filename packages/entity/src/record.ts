/** Plain objects, as values of unknown origin and as records of parts. */

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** An object literal or a record without prototype, from this realm or another; not an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The record with each value changed. */
export function mapRecord<V, W>(
  record: Readonly<Record<string, V>>,
  change: (value: V, name: string) => W,
): Record<string, W> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, change(value, name)]),
  )
}

/** The record without its properties that are undefined. */
export function present<T extends object>(record: { [K in keyof T]: T[K] | undefined }): T {
  // What is left is a T: the properties that had to be there cannot be undefined in one.
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T
}
