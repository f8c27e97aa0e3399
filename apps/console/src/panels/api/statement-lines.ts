/** A statement in lines that can be read: clauses begin lines, what is in brackets is indented. Strings stay whole. */

const clause =
  /^(select|from|where|left join|inner join|join|order by|group by|having|limit|insert into|update|delete from|set|values|returning|on conflict)\b/i

export function statementLines(sql: string): string {
  const parts = sql.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\s+|[()]|[^\s'"()]+/g) ?? []
  const lines: string[] = []
  let line = ''
  let depth = 0
  /** For each open bracket, whether it holds a query of its own. */
  const brackets: boolean[] = []
  const end = () => {
    if (line.trim() !== '') lines.push('  '.repeat(depth) + line.trim())
    line = ''
  }
  for (const [at, part] of parts.entries()) {
    const rest = parts.slice(at, at + 4).join('')
    if (part === '(') {
      const isQuery = /^\(\s*select\b/i.test(rest)
      brackets.push(isQuery)
      line += part
      if (isQuery) {
        end()
        depth++
      }
    } else if (part === ')') {
      if (brackets.pop() === true) {
        end()
        depth--
      }
      line += part
    } else {
      if (clause.test(rest) && line.trim() !== '' && !/\($/.test(line) && brackets.at(-1) !== false)
        end()
      line += /^\s+$/.test(part) ? ' ' : part
    }
  }
  end()
  return lines.join('\n')
}
