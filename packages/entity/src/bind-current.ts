/**
 * Conditions with everything known of whoever asks put in. A value that is missing, null or of the wrong type matches nothing,
 * and does so on both sides of `not`: a rule that cannot be decided shows no row.
 */
import { compareWith } from './comparison.ts'
import { always, type Condition, join, never, not, related } from './condition.ts'
import { keyDefinition } from './key.ts'
import { isCurrent } from './rules.ts'

type Known = Readonly<Record<string, unknown>>

/** The condition with no `current()` and no `when()` left. `when` is known either way: a missing value is another value. */
export function bindCurrent(condition: Condition, values: Known): Condition {
  return bind(condition, values, never)
}

/** `undecided` is what stands for a comparison with a missing value: what brings the whole nearer to false. */
function bind(condition: Condition, values: Known, undecided: Condition): Condition {
  switch (condition.op) {
    case 'and':
    case 'or':
      return join(
        condition.op,
        condition.of.map((one) => bind(one, values, undecided)),
      )
    case 'not':
      return not(bind(condition.of, values, not(undecided)))
    case 'when': {
      const holds = Object.entries(condition.values).every(
        ([name, value]) => own(values, name) === value,
      )
      return holds ? always : never
    }
    case 'related': {
      const { relation, quantifier, where } = condition
      const inner = quantifier === 'none' ? not(undecided) : undecided
      return related(relation, quantifier, bind(where, values, inner))
    }
    case 'compare':
    case 'key':
      return isCurrent(condition.value)
        ? bindComparison(condition, own(values, condition.value.$current), undecided)
        : condition
    default:
      return condition
  }
}

function bindComparison(
  condition: Condition & { readonly op: 'compare' | 'key'; readonly value: unknown },
  value: unknown,
  undecided: Condition,
): Condition {
  if (value === undefined || value === null) return undecided
  const definition =
    condition.op === 'compare' ? condition.definition : keyDefinition(condition.relation.target)
  if (!definition) return undecided
  // `has` was written as `contains` over a list.
  const operator = condition.operator === 'has' ? 'contains' : condition.operator
  const result = compareWith(
    {
      definition,
      // Of a link, compareWith makes eq and in alone.
      make: (bound, operand) => ({ ...condition, operator: bound, value: operand }) as Condition,
    },
    operator,
    operator === 'in' && Array.isArray(value) ? value.filter((one) => one !== null) : value,
  )
  return result instanceof Error ? undecided : result
}

function own(values: Known, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
