/**
 * What a development build says and checks: whole sentences that say what to do, and mistakes that stand in the source
 * text (patterns, equal routes, an Obx that reads nothing). Under the condition `production` bundlers take
 * `diagnosis.production.ts` in its place, which has codes and names. Node and tests always have this one.
 */
import { ScreensError, type ScreensErrorCode } from './errors.ts'

/** `$0` and so on stand for what the error is about. */
const sentences: Readonly<Partial<Record<ScreensErrorCode, string>>> = {
  WRITE_IN_COMPUTED: 'a computed value only reads: write in a reaction or an event handler',
  COMPUTED_CYCLE: 'a computed value reads itself: break the circle with a cell',
  REACTION_LOOP:
    'a reaction ran 100 times in one flush, it writes what it reads: derive with computed() instead',
  STREAM_ENDED: 'this stream has ended: emit before complete() or error()',
  EVENT_OVERFLOW:
    'the reader fell $0 values behind: read faster, raise the limit, or take the latest of a cell',
  DUPLICATE_KEY:
    '$0 is registered twice: in $1 at $2, and in $3 at $4; remove one, or pass { ifAbsent: true }',
  UNKNOWN_KEY: '$0 is not registered in $1 or above; near: $2',
  CAPTIVE_DEPENDENCY:
    '$0 of $1 would keep $2 of $3, which closes earlier: register both in one scope',
  CYCLIC_DEPENDENCY: '$0: let one find the other later, in onReady',
  SCOPE_CLOSED: '$0 is closed: stop using it when its signal aborts',
  CLOSE_TIMEOUT:
    '$0.onClose took over $1 ms and was left behind: watch its signal, or raise closeLimitMs',
  ROUTE_PARAMETER: '"$0" is no value for $1 of $2',
  REDIRECT_LOOP: '$0 redirects in a circle',
  DUPLICATE_ROW: 'two rows have the key $0: give <For> a unique key',
  BAD_CHILD:
    "$0 can't be shown here: children are text, elements, cells, functions and lists of these, a row of <For> is one element",
}

/** The message of an error: `about` are its subjects, in the order of the sentence. */
export function explain(code: ScreensErrorCode, about: readonly unknown[]): string {
  const subjects = about.map(nameOf)
  // These two say more than names.
  if (code === 'CYCLIC_DEPENDENCY') subjects[0] = subjects.join(' → ')
  if (code === 'UNKNOWN_KEY') subjects[2] = near(subjects[0] ?? '', about[1])
  return (sentences[code] ?? '').replace(/\$(\d)/g, (_, at) => subjects[at] ?? '')
}

/** Where the caller of `put` or `lazyPut` stands. */
export function here(): Error {
  return new Error()
}

/** @throws {ScreensError} `ROUTE_PATTERN` */
export function checkPattern(pattern: string): void {
  const refuse = (reason: string) => {
    throw new ScreensError('ROUTE_PATTERN', `route "${pattern}": ${reason}`)
  }
  if (!pattern.startsWith('/')) refuse('begin it with /')
  const texts = pattern.replace(/^\/|\/$/g, '').split('/')
  const names = new Set<string>()
  for (const [at, text] of texts.entries()) {
    const [, star, name] = /^(?::|(\*))(\w+)(?:<[^<>]+>)?$/.exec(text) ?? []
    if (name === undefined) {
      if (!/^[:*]|[<>]/.test(text)) continue
      refuse(`"${text}" is no segment: write :name, :name<int> or *name`)
    } else if (names.has(name)) refuse(`it has two parameters called ${name}`)
    else names.add(name)
    if (star !== undefined && at !== texts.length - 1) refuse(`*${name} must be its last segment`)
  }
}

/** @throws {ScreensError} `DUPLICATE_ROUTE` */
export function checkRoutes(pages: readonly Routed[]): void {
  const seen = new Map<string, string>()
  for (const { pattern } of pages.map(({ route }) => route)) {
    const shape = pattern.replace(/:\w+(?=<|\/|$)/g, ':').replace(/\*\w+$/, '*')
    const other = seen.get(shape)
    if (other !== undefined) {
      throw new ScreensError(
        'DUPLICATE_ROUTE',
        `"${pattern}" and "${other}" have the same addresses: remove one`,
      )
    }
    seen.set(shape, pattern)
  }
}

/** What has a route, a page. */
interface Routed {
  readonly route: { readonly pattern: string }
}

/** An Obx has run without reading a cell. */
export function warnUnread(view: unknown): void {
  console.warn(
    'Obx read no cell, so it will never change: read .value inside it, or do without Obx',
    view,
  )
}

/** A key or a scope by its name, a place by its line, anything else as text. */
function nameOf(subject: unknown): string {
  if (subject instanceof Error) return lineOf(subject)
  const named = typeof subject === 'function' || (typeof subject === 'object' && subject !== null)
  return String(named && 'name' in subject ? subject.name : subject)
}

/** The line that called the scope's method, from a stack of any browser. */
function lineOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /:\d+/.test(line))
  return frames[2]?.trim().replace(/^at /, '') ?? 'an unknown place'
}

/** As much of a scope as finding near names needs. */
interface Registry {
  keys(): readonly string[]
  readonly parent: Registry | undefined
}

function near(name: string, scope: unknown): string {
  const names = new Set<string>()
  // The second subject of UNKNOWN_KEY is a scope.
  for (let at = scope as Registry | undefined; at !== undefined; at = at.parent) {
    for (const key of at.keys()) names.add(key)
  }
  const sorted = [...names].sort((a, b) => likeness(b, name) - likeness(a, name))
  return sorted.slice(0, 3).join(', ') || 'nothing'
}

/** How many runs of three letters of `a` are in `b` too, whatever their case. */
function likeness(a: string, b: string): number {
  const text = b.toLowerCase()
  return [...a].filter((_, at) => text.includes(a.slice(at, at + 3).toLowerCase())).length
}
