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
    Object.entries(query).map(([name, parameter]) => [
      name,
      parameter.parse(search.getAll(name)) ?? parameter.fallback,
    ]),
  ) as QueryValues<Q>
}

/** `?a=1&b=2`, or nothing. */
export function writeQuery<Q extends Query>(query: Q, values: QueryInput<Q>): string {
  const search = new URLSearchParams()
  for (const [name, parameter] of Object.entries(query)) {
    const value: unknown = Reflect.get(values, name)
    if (value === undefined || Object.is(value, parameter.fallback)) continue
    for (const text of parameter.format(value)) search.append(name, text)
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

export function parseWhole(text: string): number | undefined {
  const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}
