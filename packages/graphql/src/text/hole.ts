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

/** The text with every hole filled. A hole is `mark number:[values] mark`. */
export function fillHoles(text: string, holes: readonly Hole[]): string {
  const pieces = text.split(mark)
  for (let at = 1; at < pieces.length; at += 2) {
    const piece = pieces[at] as string
    const colon = piece.indexOf(':')
    const hole = holes[Number(piece.slice(0, colon))] as Hole
    const values = JSON.parse(piece.slice(colon + 1)) as Json[]
    pieces[at] = hole.write(hole.needs.map((need, index) => fromWire(need, values[index] ?? null)))
  }
  return pieces.join('')
}
