/**
 * Typed routes: `route('/inbox/:number/messages/:id<int>', { query: { after: q.int() } })`.
 * A segment is text, `:name`, `:name<int>`, `:name<uuid>`, `:name<open|closed>`, or `*name` at the end for the rest.
 * `match` gives typed parameters or undefined; `href` takes them and writes the address.
 */
import { ScreensError } from './errors.ts'
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
  readonly rank: string
}

/** @throws {ScreensError} `ROUTE_PATTERN` */
export function route<const P extends string, Q extends Query = Record<never, never>>(
  pattern: P,
  options: { readonly query?: Q } = {},
): Route<P, Q> {
  // Without the option Q is its default, the type of {}.
  const query = options.query ?? ({} as Q)
  const segments = readPattern(pattern)
  return {
    pattern,
    query,
    rank: segments.map(({ rank }) => rank).join(''),
    href: (params = {}, values?: QueryInput<Q>) =>
      writePath(pattern, segments, params) + writeQuery(query, values ?? {}),
    match(address) {
      const params = matchPath(segments, address.pathname)
      if (params === undefined) return undefined
      // The segments were read from P.
      return {
        params: params as RouteParameters<P>,
        query: readQuery(query, address.searchParams),
      }
    },
  }
}

function readPattern(pattern: string): readonly Segment[] {
  const refuse = (reason: string) => {
    throw new ScreensError('ROUTE_PATTERN', `route "${pattern}": ${reason}`)
  }
  if (!pattern.startsWith('/')) refuse('begin it with /')
  const texts = splitPath(pattern)
  const names = new Set<string>()
  return texts.map((text, at) => {
    const found = /^(?:(:)|(\*))(\w+)(?:<([^<>]+)>)?$/.exec(text)
    if (found === null) {
      if (/^[:*]|[<>]/.test(text))
        refuse(`"${text}" is no segment: write :name, :name<int> or *name`)
      return { name: undefined, text, rest: false, parse: (part) => part === text, rank: '0' }
    }
    const [, , star, name = '', kind] = found
    if (names.has(name)) refuse(`it has two parameters called ${name}`)
    names.add(name)
    if (star !== undefined && at !== texts.length - 1) refuse(`*${name} must be its last segment`)
    return {
      name,
      text,
      rest: star !== undefined,
      parse: parserOf(kind),
      rank: star !== undefined ? '3' : kind === undefined ? '2' : '1',
    }
  })
}

function parserOf(kind: string | undefined): (text: string) => unknown {
  if (kind === undefined) return (text) => (text === '' ? undefined : text)
  if (kind === 'int') return parseWhole
  if (kind === 'uuid') {
    return (text) =>
      /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text) ? text.toLowerCase() : undefined
  }
  const choices = kind.split('|')
  return (text) => (choices.includes(text) ? text : undefined)
}

function splitPath(path: string): readonly string[] {
  return path.replace(/^\/|\/$/g, '').split('/')
}

function matchPath(
  segments: readonly Segment[],
  path: string,
): Readonly<Record<string, unknown>> | undefined {
  const parts = splitPath(path)
  const params: Record<string, unknown> = {}
  for (const [at, segment] of segments.entries()) {
    if (segment.rest) {
      params[segment.name ?? ''] = parts.slice(at).map(decode).join('/')
      return params
    }
    const part = decode(parts[at] ?? '')
    const value = part === undefined ? undefined : segment.parse(part)
    if (value === undefined || value === false) return undefined
    if (segment.name !== undefined) params[segment.name] = value
  }
  return parts.length > segments.length ? undefined : params
}

/** Undefined for an escape that is none, such as %zz. */
function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
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
    if (parse(value) === undefined) {
      throw new ScreensError('ROUTE_PARAMETER', `"${value}" is no value for ${text} of ${pattern}`)
    }
    return encodeURIComponent(value)
  })
  return `/${parts.join('/')}`
}
