/**
 * A trained pipeline. Immutable but for the live vocabularies it shares with its process; any number of sentences may be parsed at
 * once.
 */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type {
  Component,
  ComponentType,
  Entity,
  IntentConfidence,
  Message,
  ParseOptions,
} from './component.ts'
import { fallbackIntent } from './components/fallback-component.ts'
import {
  decodeModel,
  encodeModel,
  type ModelContents,
  readModelFile,
  type Section,
  writeModelFile,
} from './model-file.ts'
import { NluError } from './nlu-error.ts'
import { componentTypes, type PipelineEntry, typeOf } from './pipeline.ts'
import { tokenize } from './tokenize.ts'
import { Vocabularies } from './vocabularies.ts'

/** UTF-16 code units that a text may have. */
export const maxTextLength = 16_384

export interface ParseResult {
  readonly text: string
  /** Null for an empty text; `nlu_fallback` when the first choice is not to be trusted. */
  readonly intent: IntentConfidence | null
  readonly intent_ranking: readonly IntentConfidence[]
  readonly entities: readonly Entity[]
}

export interface LoadOptions {
  /** Live vocabularies to share with other models; default: the model's own. */
  readonly vocabularies?: Vocabularies
  /** Own component types that the model's pipeline names. */
  readonly components?: readonly ComponentType[]
}

export interface ModelDescription {
  readonly language: string
  readonly pipeline: readonly PipelineEntry[]
  readonly intents: readonly string[]
  readonly entities: readonly string[]
  readonly examples: number
}

export class NluModel {
  readonly description: ModelDescription
  readonly vocabularies: Vocabularies
  readonly #components: readonly Component[]
  readonly #asynchronous: boolean
  #bytes: Uint8Array<ArrayBuffer> | undefined
  #fingerprint: string | undefined

  constructor(
    description: ModelDescription,
    components: readonly Component[],
    vocabularies: Vocabularies,
    asynchronous: boolean,
  ) {
    this.description = description
    this.#components = components
    this.vocabularies = vocabularies
    this.#asynchronous = asynchronous
  }

  /** @throws {NluError} text_too_long */
  async parse(text: string, options: ParseOptions = {}): Promise<ParseResult> {
    const message = this.#message(text, options)
    for (const component of this.#components) {
      const waiting = component.process?.(message)
      if (waiting) await waiting
    }
    return resultOf(message)
  }

  /** As `parse`, at once; for pipelines without an asynchronous component. @throws {NluError} text_too_long, bad_config */
  parseNow(text: string, options: ParseOptions = {}): ParseResult {
    if (this.#asynchronous) {
      throw new NluError(
        'bad_config',
        'this pipeline has an asynchronous component; await parse() instead',
      )
    }
    const message = this.#message(text, options)
    for (const component of this.#components) component.process?.(message)
    return resultOf(message)
  }

  /** The model as a file's bytes; the same training gives the same bytes. */
  encode(): Uint8Array<ArrayBuffer> {
    this.#bytes ??= encodeModel(contentsOf(this.description, this.#components))
    return this.#bytes
  }

  /** SHA-256 of the model, in hexadecimal: its identity. */
  get fingerprint(): string {
    this.#fingerprint ??= createHash('sha256').update(this.encode()).digest('hex')
    return this.#fingerprint
  }

  /** Writes the model atomically: a crash leaves the file that was there. */
  async save(file: string): Promise<void> {
    await writeModelFile(file, this.encode())
  }

  #message(text: string, options: ParseOptions): Message {
    if (text.length > maxTextLength) {
      throw new NluError(
        'text_too_long',
        `the text has ${text.length} characters; at most ${maxTextLength} are read`,
      )
    }
    const message = newMessage(text, options)
    for (const component of this.#components) component.mark?.(message)
    return message
  }
}

/** A message before any component has seen it. */
export function newMessage(text: string, options: ParseOptions): Message {
  return { text, tokens: tokenize(text), options, marks: [], dense: [], ranking: [], entities: [] }
}

/** @throws {NluError} not_found, bad_model, missing_peer */
export async function loadModel(file: string, options: LoadOptions = {}): Promise<NluModel> {
  return modelOf(await readModelFile(file), options)
}

/** A model from a file's bytes. @throws {NluError} bad_model, missing_peer */
export async function decodedModel(
  bytes: Uint8Array,
  name: string,
  options: LoadOptions = {},
): Promise<NluModel> {
  return modelOf(decodeModel(bytes, name), options)
}

const entry = z.looseObject({ name: z.string() })
const saved = z.object({
  language: z.string(),
  pipeline: z.array(entry),
  intents: z.array(z.string()),
  entities: z.array(z.string()),
  examples: z.int().min(0),
  components: z.array(z.unknown()),
})

async function modelOf({ json, sections }: ModelContents, options: LoadOptions): Promise<NluModel> {
  const parsed = saved.safeParse(json)
  if (!parsed.success) {
    throw new NluError('bad_model', "the model's description cannot be read; train it again", {
      cause: parsed.error,
    })
  }
  const { components: kept, ...description } = parsed.data
  const vocabularies = options.vocabularies ?? new Vocabularies()
  const types = componentTypes(vocabularies, options.components)
  const components: Component[] = []
  let asynchronous = false
  for (const [i, { name, ...given }] of description.pipeline.entries()) {
    const type = typeOf(types, name)
    asynchronous ||= type.asynchronous === true
    components.push(await type.load({ json: kept[i], sections: sectionsOf(sections, i) }, given))
    await setImmediate()
  }
  return new NluModel(description, components, vocabularies, asynchronous)
}

function contentsOf(
  description: ModelDescription,
  components: readonly Component[],
): ModelContents {
  const parts = components.map((component) => component.save())
  const sections: Record<string, Section> = {}
  parts.forEach((part, i) => {
    for (const [name, array] of Object.entries(part.sections)) sections[`${i}/${name}`] = array
  })
  return { json: { ...description, components: parts.map(({ json }) => json) }, sections }
}

function sectionsOf(
  all: Readonly<Record<string, Section>>,
  component: number,
): Record<string, Section> {
  const prefix = `${component}/`
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, array]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), array]] : [],
    ),
  )
}

function resultOf({ text, ranking, refused, entities }: Message): ParseResult {
  const [first] = ranking
  const sorted =
    entities.length > 1 ? entities.toSorted((a, b) => a.start - b.start || b.end - a.end) : entities
  if (!first) return { text, intent: null, intent_ranking: [], entities: sorted }
  if (!refused) return { text, intent: first, intent_ranking: ranking, entities: sorted }
  const fallback = { name: fallbackIntent, confidence: 1 - first.confidence }
  return { text, intent: fallback, intent_ranking: [fallback, ...ranking], entities: sorted }
}
