/**
 * Which modules a TypeScript or JavaScript text names: `import`/`export … from`, `import()`, `import.meta.resolve`,
 * `require`, and `new URL('./x', import.meta.url)`, type-only ones too. Comments and the insides of strings don't
 * count, so a text that writes programs names only what it imports itself. Computed names can't be seen.
 */
export interface ModuleSpecifier {
  readonly specifier: string
  /** Counted from 1. */
  readonly line: number
}

export function moduleSpecifiers(source: string): readonly ModuleSpecifier[] {
  const tokens = tokenize(source)
  const found: ModuleSpecifier[] = []
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'string') continue
    const before = (steps: number) => tokens[at - steps]?.text
    const called = before(1) === '('
    const named =
      before(1) === 'from' ||
      (before(1) === 'import' && before(2) !== '.') ||
      (called && (before(2) === 'import' || before(2) === 'require') && before(3) !== '.') ||
      (called && before(2) === 'resolve' && (before(4) === 'meta' || before(4) === 'require')) ||
      (called && before(2) === 'URL' && before(3) === 'new' && isMetaUrl(tokens, at + 1))
    if (named) found.push({ specifier: token.text, line: token.line })
  }
  return found
}

interface Token {
  readonly kind: 'word' | 'string' | 'mark'
  readonly text: string
  readonly line: number
}

function isMetaUrl(tokens: readonly Token[], at: number): boolean {
  const next = tokens.slice(at, at + 6).map((token) => token.text)
  return next.join('').startsWith(',import.meta.url')
}

/** Words after which a slash begins a regular expression. */
const beforeExpression = new Set(
  'return typeof case in of delete void throw new else do yield await instanceof'.split(' '),
)

/**
 * A rough scanner, right for what it must tell apart: comments, strings, templates (whose `${}` parts are code) and
 * regular expressions. A string that the line ends (an apostrophe in JSX text) costs that line only.
 */
function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  const templates: number[] = []
  let depth = 0
  let line = 1
  let at = 0
  const push = (kind: Token['kind'], text: string) => tokens.push({ kind, text, line })
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const text = pattern.exec(source)?.[0] ?? source[at] ?? ''
    at += text.length
    return text
  }
  while (at < source.length) {
    const char = source[at] ?? ''
    const two = source.slice(at, at + 2)
    if (char === '\n') {
      line++
      at++
    } else if (/\s/.test(char)) {
      at++
    } else if (two === '//' || (two === '#!' && at === 0)) {
      take(/[^\n]*/y)
    } else if (two === '/*') {
      line += newLines(take(/\/\*[\s\S]*?(?:\*\/|$)/y))
    } else if (char === "'" || char === '"') {
      const text = take(char === "'" ? /'(?:[^'\\\n]|\\[\s\S])*'?/y : /"(?:[^"\\\n]|\\[\s\S])*"?/y)
      push('string', text.slice(1, text.length > 1 && text.endsWith(char) ? -1 : undefined))
      line += newLines(text)
    } else if (char === '`' || (char === '}' && templates.at(-1) === depth)) {
      if (char === '}') templates.pop()
      const text = take(/[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)?/y)
      if (char === '`' && text.length > 1 && text.endsWith('`')) push('string', text.slice(1, -1))
      else push('mark', 'template')
      line += newLines(text)
      if (text.endsWith('${')) templates.push(depth)
    } else if (char === '/' && startsExpression(tokens.at(-1))) {
      take(/\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y)
      push('mark', 'regexp')
    } else if (/[\w$\u0080-\uffff]/.test(char)) {
      push('word', take(/[\w$\u0080-\uffff]+/y))
    } else {
      if (char === '{') depth++
      if (char === '}') depth--
      push('mark', char)
      at++
    }
  }
  return tokens
}

function startsExpression(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'word') return beforeExpression.has(before.text)
  return before.kind === 'mark' && !/^(?:[)\]}]|template|regexp)$/.test(before.text)
}

function newLines(text: string): number {
  return text.split('\n').length - 1
}
