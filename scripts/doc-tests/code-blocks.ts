/** The fenced code blocks of a Markdown text that the doc tests run: ```ts, ```ts no-run, and ```sh test. */
export interface CodeBlock {
  /** `ts`: type-checked, then executed. `types`: type-checked only. `sh`: executed by a shell. */
  readonly kind: 'ts' | 'types' | 'sh'
  /** The line of the opening fence, counted from 1: the code starts on the next one. */
  readonly line: number
  readonly code: string
}

/** @throws {SyntaxError} when a fence is never closed */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open:
    | { fence: string; indent: number; info: string; line: number; code: string[] }
    | undefined
  for (const [index, text] of markdown.split(/\r?\n/).entries()) {
    const fence = /^( *)(`{3,}|~{3,})(.*)$/.exec(text)
    if (open === undefined) {
      const [, indent = '', marks = '', info = ''] = fence ?? []
      if (fence === null || (marks.startsWith('`') && info.includes('`'))) continue
      open = { fence: marks, indent: indent.length, info: info.trim(), line: index + 1, code: [] }
    } else if (fence?.[2]?.startsWith(open.fence) && fence[3]?.trim() === '') {
      const kind = kindOf(open.info)
      if (kind !== undefined)
        blocks.push({ kind, line: open.line, code: `${open.code.join('\n')}\n` })
      open = undefined
    } else {
      open.code.push(text.slice(Math.min(open.indent, text.search(/\S|$/))))
    }
  }
  if (open !== undefined)
    throw new SyntaxError(`the code block of line ${open.line} is never closed`)
  return blocks
}

function kindOf(info: string): CodeBlock['kind'] | undefined {
  const [language, ...flags] = info.split(/\s+/)
  if (language === 'ts' || language === 'typescript')
    return flags.includes('no-run') ? 'types' : 'ts'
  if (language === 'sh' && flags.includes('test')) return 'sh'
  return undefined
}
