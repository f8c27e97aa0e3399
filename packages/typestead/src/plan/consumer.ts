/**
 * What a package does to be part of `typestead plan`: from the model before and after, it says what changes on its side.
 * A package registers by `"typestead": { "plan": "./plan" }` in its package.json, an entry that exports `planConsumer`;
 * an app by `plan: [ … ]` in its config.
 */
import type { Change, Model, ModelDescriptor } from '@typestead/entity'

export interface PlanContext {
  /** `null` when there was no model yet. */
  readonly before: ModelDescriptor | null
  readonly after: ModelDescriptor
  readonly changes: readonly Change[]
  readonly model: Model
}

/** `loses` destroys stored values, `breaking` ends what clients rely on, `blocked` cannot be done until the class says more. */
export type Severity = 'safe' | 'dangerous' | 'breaking' | 'loses' | 'blocked'

export interface PlanEffect {
  /** The entity that it belongs to; absent where it belongs to none. */
  readonly entity?: string
  /** One sentence for people. */
  readonly summary: string
  /** A statement, a command or a piece of a schema. */
  readonly detail?: string
  readonly severity: Severity
  /** For programs; printed by `--json` alone. */
  readonly data?: unknown
}

export interface PlanConsumer {
  /** The heading of its part, for instance `GraphQL`. */
  readonly name: string
  effects(context: PlanContext): readonly PlanEffect[] | Promise<readonly PlanEffect[]>
}
