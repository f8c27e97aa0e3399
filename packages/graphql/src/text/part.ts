/** The pieces that an answer's text is made of: constants, and SQL that writes the rest. */
import { literal } from '@typestead/store/sql'

/** A piece of text that is known, or SQL that writes one. */
export type Part = string | { readonly sql: string }

export function sql(text: string): Part {
  return { sql: text }
}

export function entries(parts: readonly (readonly [key: string, part: Part])[]): Part[] {
  return parts.flatMap(([key, part], index) => [
    `${index === 0 ? '' : ','}${JSON.stringify(key)}:`,
    part,
  ])
}

/** Known pieces that stand together become one constant. */
export function concat(parts: readonly Part[]): string {
  const terms: string[] = []
  let known = ''
  const flush = () => {
    if (known !== '') terms.push(literal(known))
    known = ''
  }
  for (const part of parts) {
    if (typeof part === 'string') known += part
    else {
      flush()
      terms.push(
        part.sql.startsWith('(') || /^[a-z_0-9.":]+$/.test(part.sql) ? part.sql : `(${part.sql})`,
      )
    }
  }
  flush()
  return terms.join(' || ')
}
