/** What an app says of how its users' sentences are understood: the `nlu` part of its config. */
import type { EntityLike } from '@typestead/entity'

export interface NluConfig {
  /** Each project has a model of its own, trained when its files have changed. Requests that name none get the first. */
  readonly projects: Readonly<Record<string, NluProjectConfig>>
  /**
   * Lists that models know by name, with every value of a field: `{ book: { entity: Book, field: 'title' } }`. A value
   * that is written is understood within a second, without training.
   */
  readonly vocabularies?: Readonly<Record<string, VocabularyConfig>>
  /** The IANA zone in which users mean their times; default UTC. */
  readonly timeZone?: string
}

export interface NluProjectConfig {
  /** Training data (Rasa JSON, Markdown, YAML, JSON lines), from the config's folder. */
  readonly files: readonly string[]
  /** `fast` (default), `embedding`, `keyword`. */
  readonly pipeline?: 'fast' | 'embedding' | 'keyword'
  /** BCP 47; default `en`. */
  readonly language?: string
}

export interface VocabularyConfig {
  readonly entity: EntityLike
  /** A field of text. */
  readonly field: string
}

/** The token that `/nlu` wants of every request; generated where it is not set. */
export const nluToken = 'TYPESTEAD_NLU_TOKEN'
