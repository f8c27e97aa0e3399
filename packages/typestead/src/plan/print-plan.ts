/** A plan as text: what changes of each entity, and what follows from it, together. */
import type { Plan, PlanPart, Refusal } from './build-plan.ts'

export function planText(plan: Plan): string {
  const notes = plan.notes.map((note) => `Note: ${note}`)
  if (plan.changes.length === 0 && plan.parts.length === 0) {
    const nothing = 'Nothing to do: the database, the API and the schemas are as your classes say.'
    return `${[nothing, ...notes].join('\n')}\n`
  }
  const names = new Set([
    ...plan.changes.map((change) => change.entity),
    ...plan.parts.flatMap((part) => (part.entity === undefined ? [] : [part.entity])),
  ])
  const lines: string[] = []
  for (const name of names) {
    lines.push(name)
    for (const { summary } of plan.changes.filter((change) => change.entity === name)) {
      lines.push(`  • ${summary}`)
    }
    lines.push(...partLines(plan.parts.filter((part) => part.entity === name)), '')
  }
  const rest = plan.parts.filter((part) => part.entity === undefined)
  if (rest.length > 0) lines.push('All entities', ...partLines(rest), '')
  lines.push(...notes)
  return `${lines.join('\n').trimEnd()}\n`
}

export function refusalText(refused: readonly Refusal[]): string {
  const lines = refused.map(({ summary, advice }) => `  • ${summary}\n    ${advice}`)
  return `Refused:\n${lines.join('\n')}\n`
}

function partLines(parts: readonly PlanPart[]): string[] {
  const lines: string[] = []
  let heading = ''
  for (const { part, summary, detail, severity } of parts) {
    if (part !== heading) lines.push(`  ${part}`)
    heading = part
    lines.push(`    ${severity === 'safe' ? '' : `${severity}: `}${summary}`)
    for (const line of detail?.split('\n') ?? []) lines.push(`      ${line}`)
  }
  return lines
}
