/**
 * What an answer means as a value of a slot: the type's values and synonyms, its pattern or vocabulary, what was understood in the
 * text, the built-in types; at last, where the type is open, the words as typed. Pure: the same answer gives the same value.
 */

import type { SlotIndex, SlotTypeIndex } from '../dialogue/locale-index.ts'
import type { SlotValue } from '../dialogue/session.ts'
import { textKey } from '../dialogue/text-key.ts'
import type { UnderstoodEntity } from '../understanding/understanding.ts'
import { nearValue } from './near-value.ts'
import { openValue } from './open-value.ts'
import { resolveBuiltin } from './resolve-builtin.ts'
import { splitValues } from './split-values.ts'

export interface AnswerContext {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly timeZone: string
  /** `en`, `de`. */
  readonly language: string
  readonly yes: ReadonlySet<string>
  readonly no: ReadonlySet<string>
}

export interface ResolvedSlot {
  readonly value: SlotValue
  /**
   * `known`: it is a value of the type, whatever else the text could mean. `guess`: nearly one. `open`: the type takes any words,
   * so a text that is clearly something else need not be an answer.
   */
  readonly strength: 'known' | 'guess' | 'open'
}

/** Values are kept up to this length, in UTF-16 units. */
export const maxValueLength = 1024
const maxResolved = 5

/** @returns null when the text is no value of the slot's type */
export function resolveSlot(
  slot: SlotIndex,
  text: string,
  entities: readonly UnderstoodEntity[],
  context: AnswerContext,
): ResolvedSlot | null {
  const answer = text.trim().slice(0, maxValueLength)
  if (!/[\p{L}\p{N}\p{S}]/u.test(answer)) return null
  if (slot.model.multiple) return resolveMany(slot, answer, entities, context)
  return resolveOne(slot, answer, entities, context)
}

function resolveMany(
  slot: SlotIndex,
  answer: string,
  entities: readonly UnderstoodEntity[],
  context: AnswerContext,
): ResolvedSlot | null {
  const whole = resolveExact(slot.type, answer, context)
  const parts = whole ? [answer] : splitValues(answer, context.language)
  const found = parts.flatMap((part) => {
    const own = entities.filter(
      ({ start, end }) =>
        text(answer, start, end) !== '' && part.includes(text(answer, start, end)),
    )
    const value = resolveOne(slot, part, shifted(own, answer, part), context)
    return value ? [value] : []
  })
  const [first] = found
  if (!first) return null
  const values = unique(found.map(({ value }) => value)).slice(0, 20)
  return {
    value: {
      original: answer,
      value: values
        .map(({ value }) => value)
        .join(', ')
        .slice(0, maxValueLength),
      resolved: first.value.resolved,
      values,
    },
    strength: found.every(({ strength }) => strength === 'known')
      ? 'known'
      : found.some(({ strength }) => strength === 'open')
        ? 'open'
        : 'guess',
  }
}

function resolveOne(
  slot: SlotIndex,
  answer: string,
  entities: readonly UnderstoodEntity[],
  context: AnswerContext,
): ResolvedSlot | null {
  const exact = resolveExact(slot.type, answer, context)
  if (exact) return { value: exact, strength: 'known' }
  const framed = unframed(slot, answer)
  const inFrame = framed === null ? null : resolveExact(slot.type, framed, context)
  if (inFrame) return { value: inFrame, strength: 'known' }
  const understood = understoodValue(slot, answer, entities, context)
  if (understood) return { value: understood, strength: 'known' }
  const within = containedValue(slot.type, answer)
  if (within) return { value: within, strength: 'known' }
  if (slot.confirmed) {
    const near = nearValue(slot.type, framed ?? answer)
    if (near) return { value: near, strength: 'guess' }
  }
  if (!isOpen(slot.type)) return null
  const words = framed ?? openValue(answer, slot.type.builtin?.name ?? '', context.language)
  return { value: slotValue(words, words), strength: 'open' }
}

/** Whether any words are a value. */
function isOpen({ custom, builtin }: SlotTypeIndex): boolean {
  if (custom) {
    if (custom.strategy === 'TopResolution' || custom.pattern !== null) return false
    return builtin === null || builtin.kind === 'open' || builtin.kind === 'free'
  }
  return builtin === null || builtin.kind === 'open' || builtin.kind === 'free'
}

/** The whole text is a value. */
function resolveExact(
  type: SlotTypeIndex,
  answer: string,
  context: AnswerContext,
): SlotValue | null {
  const { custom, builtin, pattern } = type
  const known = type.values.size === 0 ? undefined : type.values.get(textKey(answer))
  if (known !== undefined) {
    return slotValue(answer, custom?.strategy === 'TopResolution' ? known : answer, known)
  }
  if (pattern) {
    const match = pattern.find(answer)[0]
    if (match && match.start === 0 && match.end === answer.length) return slotValue(answer, answer)
  }
  if (!builtin || builtin.kind === 'open' || builtin.kind === 'free') return null
  const found = resolveBuiltin(builtin, answer, context)
  return found === null
    ? null
    : {
        original: found.original ?? answer,
        value: found.value,
        resolved: (found.resolved ?? [found.value]).slice(0, maxResolved),
      }
}

/** What an understander found in the text for this slot: by the slot's name, its type's or its vocabulary's. */
export function understoodValue(
  slot: SlotIndex,
  answer: string,
  entities: readonly UnderstoodEntity[],
  context: AnswerContext,
): SlotValue | null {
  const { custom, builtin } = slot.type
  const rank = ({ entity }: UnderstoodEntity) => entityRank(entity, slot)
  const found = entities
    .filter((entity) => rank(entity) > 0)
    .sort((a, b) => rank(b) - rank(a) || b.end - b.start - (a.end - a.start))
  for (const entity of found) {
    const said = text(answer, entity.start, entity.end) || entity.value
    if (isOpen(slot.type) && !custom?.vocabulary)
      return slotValue(said, originalOf(slot, said, entity.value), entity.value)
    const exact =
      resolveExact(slot.type, said, context) ?? resolveExact(slot.type, entity.value, context)
    if (exact) return { ...exact, original: said }
    // A live vocabulary's values are in no model; who found it there is believed.
    if (custom?.vocabulary && (entity.entity === custom.vocabulary || custom.values.length === 0)) {
      return slotValue(said, originalOf(slot, said, entity.value), entity.value)
    }
    if (builtin?.kind === 'open' && custom?.strategy !== 'TopResolution')
      return slotValue(said, entity.value)
  }
  return null
}

/** How well an entity's name says that it belongs to the slot; 0: not at all. */
export function entityRank(
  entity: string,
  { model, type: { name, custom, builtin } }: SlotIndex,
): number {
  if (entity === model.name) return 4
  if (entity === name) return 3
  if (custom?.vocabulary && entity === custom.vocabulary) return 3
  const place = builtin ? placeEntities[builtin.name] : undefined
  return place !== undefined && place === entity ? 2 : 0
}

const placeEntities: Readonly<Record<string, string>> = {
  'AMAZON.City': 'city',
  'AMAZON.US_CITY': 'city',
  'AMAZON.EUROPE_CITY': 'city',
  'AMAZON.GB_CITY': 'city',
  'AMAZON.DE_CITY': 'city',
  'AMAZON.Country': 'country',
}

function originalOf(slot: SlotIndex, said: string, value: string): string {
  return slot.type.custom?.strategy === 'OriginalValue' && !slot.type.custom.vocabulary
    ? said
    : value
}

/** The longest value of the type that stands in the text as whole words. */
export function containedValue(type: SlotTypeIndex, answer: string): SlotValue | null {
  if (type.values.size > 0) {
    const words = textKey(answer).split(' ')
    for (let length = Math.min(type.longest, words.length); length > 0; length--) {
      for (let from = 0; from + length <= words.length && from < 100; from++) {
        const key = words.slice(from, from + length).join(' ')
        const known = type.values.get(key)
        if (known === undefined) continue
        return slotValue(key, type.custom?.strategy === 'TopResolution' ? known : key, known)
      }
    }
  }
  const match = type.pattern?.find(answer)[0]
  if (match && isWhole(answer, match.start, match.end)) {
    const said = answer.slice(match.start, match.end)
    return slotValue(said, said)
  }
  return null
}

/** Neither end is within a word. */
function isWhole(answer: string, start: number, end: number): boolean {
  const word = /[\p{L}\p{N}]/u
  return !word.test(answer[start - 1] ?? '') && !word.test(answer[end] ?? '')
}

/** What stands where the value stands in one of the slot's own utterances. */
function unframed({ frames }: SlotIndex, answer: string): string | null {
  if (frames.length === 0) return null
  for (const { before, after } of frames) {
    const words = answer.split(/\s+/)
    const from = before === '' ? 0 : before.split(' ').length
    const to = words.length - (after === '' ? 0 : after.split(' ').length)
    if (to <= from || from + (words.length - to) === 0) continue
    if (textKey(words.slice(0, from).join(' ')) !== before) continue
    if (textKey(words.slice(to).join(' ')) !== after) continue
    return words.slice(from, to).join(' ')
  }
  return null
}

function slotValue(original: string, value: string, ...resolved: readonly string[]): SlotValue {
  const first = resolved[0] ?? value
  return {
    original: original.slice(0, maxValueLength),
    value: value.slice(0, maxValueLength),
    resolved: [first.slice(0, maxValueLength)],
  }
}

function text(answer: string, start: number, end: number): string {
  return answer.slice(start, end).trim()
}

function shifted(
  entities: readonly UnderstoodEntity[],
  answer: string,
  part: string,
): UnderstoodEntity[] {
  return entities.map((entity) => {
    const start = part.indexOf(answer.slice(entity.start, entity.end))
    return { ...entity, start, end: start + (entity.end - entity.start) }
  })
}

function unique(values: readonly SlotValue[]): SlotValue[] {
  const seen = new Set<string>()
  return values.filter(({ value }) => !seen.has(value) && seen.add(value))
}
