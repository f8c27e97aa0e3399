/** What the workbench sends of the running app: the shapes of its events. */

export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | string
  readonly time: string
  readonly msg: string
  readonly [field: string]: unknown
}

export interface Trace {
  readonly requestId: string
  readonly method: string
  readonly route: string
  readonly status: number
  readonly time: string
  readonly ms: number
  readonly spans: readonly {
    readonly name: string
    readonly at: number
    readonly ms: number
    readonly outcome: string
  }[]
}

export interface Operation {
  readonly at: string
  readonly operation: string
  readonly kind: 'text' | 'holes' | 'general'
  readonly reason?: string
  readonly sql?: string
  readonly milliseconds: number
  readonly length?: number
  readonly rows?: number
  readonly cached?: boolean
}

export interface MetricSample {
  readonly at: number
  readonly requests: number
  readonly failures: number
  readonly latency: number | null
  readonly queries: number
  readonly queryLatency: number | null
  readonly cpu: number
  readonly memory: number
  readonly heap: number
  readonly lag: number
  readonly connections: Readonly<Record<string, number>>
}

export interface HealthReport {
  readonly status: string
  readonly parts: readonly { readonly name: string; readonly problem: string | null }[]
}

export type Severity = 'safe' | 'dangerous' | 'breaking' | 'loses' | 'blocked'

export interface PlanPart {
  readonly part: string
  readonly entity?: string
  readonly summary: string
  readonly detail?: string
  readonly severity: Severity
}

export interface Change {
  readonly kind: string
  readonly entity: string
  readonly effect: 'safe' | 'fills' | 'loses'
  readonly summary: string
  readonly blocked?: string
}

export interface Refusal {
  readonly reason: string
  readonly summary: string
  readonly advice: string
}

export type PlanState =
  | { readonly status: 'computing'; readonly file?: string }
  | { readonly status: 'failed'; readonly message: string; readonly file?: string }
  | {
      readonly status: 'ready'
      readonly plan: {
        readonly changes: readonly Change[]
        readonly parts: readonly PlanPart[]
        readonly notes: readonly string[]
      }
      readonly refused: readonly Refusal[]
      readonly file?: string
      readonly at: string
    }

/** Something of a row of events, with its place in it. */
export interface Numbered<T> {
  readonly id: number
  readonly value: T
}
