/**
 * Typed routes: `route('/inbox/:number/messages/:id<int>', { query: { after: q.int() } })`.
 * A segment is text, `:name`, `:name<int>`, `:name<uuid>`, `:name<open|closed>`, or `*name` at the end for the rest.
 * `match` gives typed parameters or undefined; `href` takes them and writes the address.
 */
import { checkPattern } from '@typestead/screens/diagnosis'
import { fault } from './fault.ts'
import {
  parseWhole,
  type Query,
  type QueryInput,
  type QueryValues,
  readQuery,
  writeQuery,
} from './query.ts'

type Segments<P extends string> = P extends `${infer H}/${infer T}` ? H | Segments<T> : P
type NameOf<S> = S extends `:${infer N}<${string}>`
  ? N
  : S extends `:${infer N}`
    ? N
    : S extends `*${infer N}`
      ? N
      : never
type Choices<K extends string> = K extends `${infer A}|${infer B}` ? A | Choices<B> : K
type ValueOf<S> = S extends `:${string}<${infer K}>`
  ? K extends 'int'
    ? number
    : K extends 'uuid'
      ? string
      : Choices<K>
  : string

/** `{ number: string, id: number }` of `/inbox/:number/messages/:id<int>`. */
export type RouteParameters<P extends string> = {
  readonly [S in Segments<P> as NameOf<S>]: ValueOf<S>
}

type HrefArguments<P extends string, Q extends Query> = [NameOf<Segments<P>>] extends [never]
  ? [params?: Readonly<Record<never, never>>, query?: QueryInput<Q>]
  : [params: RouteParameters<P>, query?: QueryInput<Q>]

export interface RouteMatch<P extends string = string, Q extends Query = Query> {
  readonly params: RouteParameters<P>
  readonly query: QueryValues<Q>
}

export interface Route<P extends string = string, Q extends Query = Query> {
  readonly pattern: P
  readonly query: Q
  /** The address; segments are escaped. @throws {ScreensError} `ROUTE_PARAMETER` for a value that would not come back */
  href(...args: HrefArguments<P, Q>): string
  /** What the address says, or undefined when it is not of this route. */
  match(address: URL): RouteMatch<P, Q> | undefined
  /** Routes in the order in which they are tried: the more a route says, the earlier. */
  readonly rank: string
}

interface Segment {
  /** Undefined for text. */
  readonly name: string | undefined
  readonly text: string
  readonly rest: boolean
  /** The value, or undefined when it is not one. */
  readonly parse: (text: string) => unknown
  /** 0 text, 1 of a kind, 2 any text, 3 the rest. */
  readonly rank: number
}

/** @throws {ScreensError} `ROUTE_PATTERN` (in production, where this was tried before, the segment is text) */
export function route<const P extends string, Q extends Query = Record<never, never>>(
  pattern: P,
  options: { readonly query?: Q } = {},
): Route<P, Q> {
  checkPattern(pattern)
  // Without the option Q is its default, the type of {}.
  const query = options.query ?? ({} as Q)
  const segments = splitPath(pattern).map(segmentOf)
  return {
    pattern,
    query,
    rank: segments.map(({ rank }) => rank).join(''),
    href: (params = {}, values?: QueryInput<Q>) =>
      writePath(pattern, segments, params) + writeQuery(query, values ?? {}),
    match(address) {
      const params = matchPath(segments, address.pathname)
      // The segments were read from P.
      return params === undefined
        ? undefined
        : { params: params as RouteParameters<P>, query: readQuery(query, address.searchParams) }
    },
  }
}

function segmentOf(text: string): Segment {
  const [, star, name, kind] = /^(?::|(\*))(\w+)(?:<([^<>]+)>)?$/.exec(text) ?? []
  const rest = star !== undefined
  if (name === undefined) {
    return { name, text, rest, parse: (part) => part === text || undefined, rank: 0 }
  }
  return { name, text, rest, parse: parserOf(kind), rank: rest ? 3 : kind === undefined ? 2 : 1 }
}

function parserOf(kind: string | undefined): (text: string) => unknown {
  if (kind === undefined) return (text) => text || undefined
  if (kind === 'int') return parseWhole
  if (kind === 'uuid') {
    return (text) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.exec(text)?.[0].toLowerCase()
  }
  const choices = kind.split('|')
  return (text) => choices.find((choice) => choice === text)
}

function splitPath(path: string): readonly string[] {
  return path.replace(/^\/|\/$/g, '').split('/')
}

function matchPath(
  segments: readonly Segment[],
  path: string,
): Readonly<Record<string, unknown>> | undefined {
  const parts = decoded(path)
  if (parts === undefined) return undefined
  const params: Record<string, unknown> = {}
  for (const [at, { name, rest, parse }] of segments.entries()) {
    const value = rest ? parts.slice(at).join('/') : parse(parts[at] ?? '')
    if (value === undefined) return undefined
    if (name !== undefined) params[name] = value
    if (rest) return params
  }
  return parts.length > segments.length ? undefined : params
}

/** Undefined where an escape is none, such as %zz. */
function decoded(path: string): readonly string[] | undefined {
  try {
    return splitPath(path).map(decodeURIComponent)
  } catch {
    return undefined
  }
}

function writePath(
  pattern: string,
  segments: readonly Segment[],
  params: Readonly<Record<string, unknown>>,
): string {
  const parts = segments.map(({ name, text, rest, parse }) => {
    if (name === undefined) return text
    const value = String(params[name] ?? '')
    if (rest) return value.split('/').map(encodeURIComponent).join('/')
    if (parse(value) === undefined) throw fault('ROUTE_PARAMETER', value, text, pattern)
    return encodeURIComponent(value)
  })
  return `/${parts.join('/')}`
}
