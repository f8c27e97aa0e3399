/** A plan: all that follows from the changes of a model, from every consumer, and what of it is refused. Pure but for the consumers. */
import type { Change } from '@typestead/entity'
import type { PlanConsumer, PlanContext, PlanEffect } from './consumer.ts'

export interface PlanPart extends PlanEffect {
  /** The consumer's name. */
  readonly part: string
}

export interface Plan {
  readonly changes: readonly Change[]
  readonly parts: readonly PlanPart[]
  /** What the database cannot do, and what is done instead. */
  readonly notes: readonly string[]
}

export async function buildPlan(
  context: PlanContext,
  consumers: readonly PlanConsumer[],
  notes: readonly string[] = [],
): Promise<Plan> {
  const parts: PlanPart[] = []
  for (const consumer of consumers) {
    const effects = await consumer.effects(context)
    for (const effect of effects) parts.push({ part: consumer.name, ...effect })
  }
  return { changes: context.changes, parts, notes }
}

export interface Refusal {
  readonly reason: 'loses' | 'blocked' | 'breaking'
  readonly summary: string
  /** What to write or say. */
  readonly advice: string
}

export interface Allowed {
  readonly allowLoss?: boolean
  readonly allowBreaking?: boolean
}

/** What cannot be done as it stands. */
export function refusals(plan: Plan, { allowLoss, allowBreaking }: Allowed): readonly Refusal[] {
  const refused: Refusal[] = []
  for (const change of plan.changes) {
    if (change.blocked !== undefined) {
      refused.push({ reason: 'blocked', summary: change.summary, advice: change.blocked })
    } else if (change.effect === 'loses' && !allowLoss) {
      refused.push({ reason: 'loses', summary: change.summary, advice: adviceOf(change) })
    }
  }
  for (const { part, severity, summary, detail } of plan.parts) {
    if (severity === 'blocked') {
      refused.push({
        reason: 'blocked',
        summary: `${part}: ${summary}`,
        advice: detail ?? 'change what relies on it',
      })
    }
    if (severity === 'breaking' && !allowBreaking) {
      refused.push({
        reason: 'breaking',
        summary: `${part}: ${summary}`,
        advice: 'keep the old name as an alias with .was(…), or allow it with --allow-breaking',
      })
    }
  }
  return refused
}

function adviceOf(change: Change): string {
  switch (change.kind) {
    case 'dropField':
    case 'dropRelation':
      return `if it has another name now, write .was('${change.before.name}') on the new one; to lose its values, say --allow-loss`
    case 'dropEntity':
      return `if it has another name now, give the new one the option was: '${change.before.name}'; to lose its rows, say --allow-loss`
    default:
      return 'to lose the values that do not fit, say --allow-loss'
  }
}
