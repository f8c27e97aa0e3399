/**
 * Holes: places in an answer's text that JavaScript writes. The database sends what a hole needs as JSON between two control
 * characters, which no JSON text contains bare; filling is one split of the text and one join.
 */
import { type FieldDefinition, fromWire, type Json } from '@typestead/entity'

/** U+0001, which `to_json` writes as \u0001. */
export const mark = '\u0001'

/** What writes a hole: the values that it needs, in order, to the JSON of the answer. */
export interface Hole {
  readonly needs: readonly FieldDefinition[]
  readonly write: (values: readonly unknown[]) => string
}

/** The text with every hole filled. A hole is `mark [number, values] mark`. */
export function fillHoles(text: string, holes: readonly Hole[]): string {
  const pieces = text.split(mark)
  const sent: string[] = []
  for (let at = 1; at < pieces.length; at += 2) sent.push(pieces[at] as string)
  // Parsing many small texts costs more than one that holds them all.
  const rows = JSON.parse(`[${sent.join(',')}]`) as readonly Json[][]
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as Json[]
    const { needs, write } = holes[row[0] as number] as Hole
    const values: unknown[] = []
    for (let at = 0; at < needs.length; at++) {
      values.push(fromWire(needs[at] as FieldDefinition, row[at + 1] ?? null))
    }
    pieces[2 * index + 1] = write(values)
  }
  return pieces.join('')
}
