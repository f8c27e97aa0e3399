/**
 * Typed query parameters: `route('/books', { query: { page: q.int().default(1), tag: q.list() } })`.
 * A text that does not parse is as good as absent; a value that equals its default is left out of addresses.
 */

/** How one parameter is read from and written to an address. */
export class QueryParameter<T, D = undefined> {
  readonly fallback: D
  /** @internal */ readonly parse: (texts: readonly string[]) => T | undefined
  /** @internal */ readonly format: (value: T) => readonly string[]

  constructor(
    parse: (texts: readonly string[]) => T | undefined,
    format: (value: T) => readonly string[],
    fallback: D,
  ) {
    this.parse = parse
    this.format = format
    this.fallback = fallback
  }

  /** @internal The value in an address, which may have the name several times. */
  read(search: URLSearchParams, name: string): T | D {
    return this.parse(search.getAll(name)) ?? this.fallback
  }

  /** @internal Adds the value to an address, unless it is what no value stands for. */
  write(search: URLSearchParams, name: string, value: T | D | undefined): void {
    if (value === undefined || Object.is(value, this.fallback)) return
    // What is not the fallback is a T.
    for (const text of this.format(value as T)) search.append(name, text)
  }

  /** The value where the address has none. */
  default(value: T): QueryParameter<T, T> {
    return new QueryParameter(this.parse, this.format, value)
  }
}

function single<T>(
  parse: (text: string) => T | undefined,
  format: (value: T) => string = String,
): QueryParameter<T> {
  return new QueryParameter(
    ([text]) => (text === undefined ? undefined : parse(text)),
    (value) => [format(value)],
    undefined,
  )
}

export const q = {
  string: () => single((text) => text),
  /** A whole number that JavaScript can hold exactly. */
  int: () => single(parseWhole),
  number: () => single((text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined)),
  /** `true` or `1`, and `false` or `0`. */
  bool: () =>
    single((text) =>
      /^(true|1)$/.test(text) ? true : /^(false|0)$/.test(text) ? false : undefined,
    ),
  oneOf: <const V extends string>(...values: readonly V[]) =>
    single((text) => values.find((value) => value === text)),
  /** A parameter that may be there several times. */
  list: () =>
    new QueryParameter<readonly string[]>(
      (texts) => (texts.length === 0 ? undefined : texts),
      (values) => values,
      undefined,
    ),
} as const

/** Parameters by name. */
// biome-ignore lint/suspicious/noExplicitAny: the parameter's type stands in both directions, so nothing narrower holds all
export type Query = Readonly<Record<string, QueryParameter<any, any>>>

/** What a page reads. */
export type QueryValues<Q extends Query> = {
  readonly [K in keyof Q]: Q[K] extends QueryParameter<infer T, infer D> ? T | D : never
}

/** What a link may say. */
export type QueryInput<Q extends Query> = {
  readonly [K in keyof Q]?: Q[K] extends QueryParameter<infer T, unknown> ? T | undefined : never
}

export function readQuery<Q extends Query>(query: Q, search: URLSearchParams): QueryValues<Q> {
  // Each name gets the value of its parameter.
  return Object.fromEntries(
    Object.entries(query).map(([name, parameter]) => [name, parameter.read(search, name)]),
  ) as QueryValues<Q>
}

/** `?a=1&b=2`, or nothing. */
export function writeQuery<Q extends Query>(query: Q, values: QueryInput<Q>): string {
  const search = new URLSearchParams()
  for (const name in query) query[name]?.write(search, name, values[name])
  const text = String(search)
  return text && `?${text}`
}

export function parseWhole(text: string): number | undefined {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}
