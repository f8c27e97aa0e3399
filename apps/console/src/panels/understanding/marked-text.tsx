/** @jsxImportSource @typestead/screens */
/** A sentence with its entities marked: coloured, underlined and named, so that colour alone says nothing. */
import type { Child } from '@typestead/screens/dom'
import { type Span, segmentsOf } from './sentences.ts'

const hues = 4

export function MarkedText({
  text,
  spans,
}: {
  readonly text: string
  readonly spans: readonly Span[]
}): Child {
  return segmentsOf(text, spans).map(({ text: part, span }) =>
    span === undefined ? (
      part
    ) : (
      <mark class={`entity hue${hueOf(span.entity)}`}>
        {part}
        <span class="entity-name">{` ${span.entity}`}</span>
      </mark>
    ),
  )
}

/** The same for each mention of an entity. */
function hueOf(entity: string): number {
  let sum = 0
  for (const character of entity) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return sum % hues
}
