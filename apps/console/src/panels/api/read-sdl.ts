/**
 * Reads GraphQL's schema language (October 2021, §3) into types, as far as a page shows them: names, descriptions,
 * fields with arguments, defaults and deprecations, values, members, interfaces. Directives but `@deprecated` are passed over.
 */

export interface SdlType {
  readonly kind: 'type' | 'interface' | 'input' | 'enum' | 'union' | 'scalar'
  readonly name: string
  readonly description: string
  /** Of types, interfaces and inputs; the values of an enum. */
  readonly fields: readonly SdlField[]
  /** The members of a union; the interfaces of a type. */
  readonly others: readonly string[]
}

export interface SdlField {
  readonly name: string
  readonly description: string
  /** `[Book!]!`; empty for the value of an enum. */
  readonly type: string
  readonly args: readonly SdlField[]
  readonly default?: string
  readonly deprecated?: string
}

/** @throws {Error} naming the line that is no schema language */
export function readSdl(text: string): readonly SdlType[] {
  const reader = new Reader(text)
  const types: SdlType[] = []
  while (!reader.ended) {
    const type = definition(reader)
    if (type !== undefined) types.push(type)
  }
  return types
}

/** The named type inside of `[Book!]!`. */
export function namedType(type: string): string {
  return type.replace(/[[\]!]/g, '')
}

function definition(reader: Reader): SdlType | undefined {
  const description = reader.description()
  const kind = reader.name()
  if (kind === 'schema') return skipSchema(reader)
  if (kind === 'directive') return skipDirective(reader)
  const name = reader.name()
  const others: string[] = []
  if (reader.take('implements')) others.push(...names(reader, '&'))
  directives(reader)
  switch (kind) {
    case 'scalar':
      return { kind, name, description, fields: [], others }
    case 'union':
      if (reader.take('=')) others.push(...names(reader, '|'))
      return { kind, name, description, fields: [], others }
    case 'type':
    case 'interface':
    case 'input':
    case 'enum':
      return { kind, name, description, fields: fields(reader, '{', '}'), others }
    default:
      return reader.fail(`"${kind}" begins no definition`)
  }
}

function names(reader: Reader, between: string): string[] {
  reader.take(between)
  const found = [reader.name()]
  while (reader.take(between)) found.push(reader.name())
  return found
}

function fields(reader: Reader, open: string, close: string): readonly SdlField[] {
  if (!reader.take(open)) return []
  const found: SdlField[] = []
  while (!reader.take(close)) {
    const description = reader.description()
    const name = reader.name()
    const args = fields(reader, '(', ')')
    const type = reader.take(':') ? typeText(reader) : ''
    const value = reader.take('=') ? valueText(reader) : undefined
    const deprecated = directives(reader)
    found.push({
      name,
      description,
      type,
      args,
      ...(value === undefined ? {} : { default: value }),
      ...(deprecated === undefined ? {} : { deprecated }),
    })
  }
  return found
}

function typeText(reader: Reader): string {
  const inner = reader.take('[') ? `[${typeText(reader)}${reader.need(']')}` : reader.name()
  return reader.take('!') ? `${inner}!` : inner
}

function valueText(reader: Reader): string {
  for (const [open, close] of [
    ['[', ']'],
    ['{', '}'],
  ] as const) {
    if (!reader.take(open)) continue
    const parts: string[] = []
    while (!reader.take(close)) {
      const part = valueText(reader)
      parts.push(reader.take(':') ? `${part}: ${valueText(reader)}` : part)
    }
    return `${open}${parts.join(', ')}${close}`
  }
  return reader.any()
}

/** The reason of `@deprecated`, if it is among them. */
function directives(reader: Reader): string | undefined {
  let reason: string | undefined
  while (reader.take('@')) {
    const name = reader.name()
    const args = new Map<string, string>()
    if (reader.take('(')) {
      while (!reader.take(')')) {
        const argument = reader.name()
        reader.need(':')
        args.set(argument, valueText(reader))
      }
    }
    if (name === 'deprecated') reason = textOf(args.get('reason') ?? '"No longer supported"')
  }
  return reason
}

function skipSchema(reader: Reader): undefined {
  directives(reader)
  fields(reader, '{', '}')
}

function skipDirective(reader: Reader): undefined {
  reader.need('@')
  reader.name()
  fields(reader, '(', ')')
  reader.take('repeatable')
  reader.need('on')
  names(reader, '|')
}

class Reader {
  readonly #tokens: readonly { readonly text: string; readonly at: number }[]
  readonly #source: string
  #next = 0

  constructor(source: string) {
    this.#source = source
    this.#tokens = [...source.matchAll(token)]
      .filter(([text]) => !text.startsWith('#'))
      .map(({ 0: text, index }) => ({ text, at: index }))
  }

  get ended(): boolean {
    return this.#next >= this.#tokens.length
  }

  take(text: string): boolean {
    if (this.#tokens[this.#next]?.text !== text) return false
    this.#next++
    return true
  }

  need(text: string): string {
    return this.take(text) ? text : this.fail(`"${text}" is missing`)
  }

  name(): string {
    const text = this.any()
    return /^\w+$/.test(text) ? text : this.fail(`"${text}" is no name`)
  }

  any(): string {
    const token = this.#tokens[this.#next]
    if (token === undefined) return this.fail('it ends in the middle')
    this.#next++
    return token.text
  }

  description(): string {
    const token = this.#tokens[this.#next]?.text
    if (token?.startsWith('"') !== true) return ''
    this.#next++
    return textOf(token)
  }

  fail(reason: string): never {
    const at = this.#tokens[Math.max(0, this.#next - 1)]?.at ?? 0
    const line = this.#source.slice(0, at).split('\n').length
    throw new Error(`The schema cannot be read at line ${line}: ${reason}.`)
  }
}

/** Block strings, strings, comments, names and numbers, marks; commas and white space mean nothing. */
const token =
  /"""(?:\\"""|[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|-?\w+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.{3}|[!$&()=:@[\]{|}]/g

/** What a string says. */
function textOf(literal: string): string {
  if (literal.startsWith('"""')) {
    const lines = literal.slice(3, -3).replaceAll('\\"""', '"""').split('\n')
    return lines
      .map((line) => line.trim())
      .join('\n')
      .trim()
  }
  try {
    return String(JSON.parse(literal))
  } catch {
    return literal // an escape that JSON has not
  }
}
