/** Limits and rules of one intent: names, utterances, slots, contexts, hooks. */
import { builtinSlotType } from '../slot-types/builtin-slot-types.ts'
import type { IntentModel, SlotModel, SlotTypeModel } from './bot-model.ts'
import { builtinIntentProblem } from './builtin-intents.ts'
import { checkConfirmation, checkPrompt, checkStatement } from './check-messages.ts'
import { at, type Issues } from './issues.ts'
import { limits, namePattern, slotNamePattern } from './limits.ts'
import { utteranceProblems } from './utterance.ts'

export function checkIntent(
  intent: IntentModel,
  types: ReadonlyMap<string, SlotTypeModel>,
  path: string,
  issues: Issues,
  marks: 'refuse' | 'warn',
): void {
  if (!namePattern.test(intent.name)) {
    issues.error(path, 'a name has 1 to 100 letters and digits, single _ or - between them')
  }
  if (intent.description.length > limits.descriptionLength) {
    issues.error(at(path, 'description'), `has more than ${limits.descriptionLength} characters`)
  }
  const problem = intent.builtin === null ? null : builtinIntentProblem(intent.builtin)
  if (problem !== null) issues.error(at(path, 'builtin'), problem)
  const slots = new Set(intent.slots.map(({ name }) => name))
  checkUtterances(
    intent.utterances,
    limits.utterancesPerIntent,
    slots,
    at(path, 'utterances'),
    issues,
    marks,
  )
  if (intent.utterances.length === 0 && intent.builtin !== 'AMAZON.FallbackIntent') {
    issues.warn(at(path, 'utterances'), 'has none; only a hook can begin this intent')
  }
  if (intent.builtin === 'AMAZON.FallbackIntent' && intent.utterances.length > 0) {
    issues.error(
      at(path, 'utterances'),
      'a fallback intent takes what is not understood; it has no utterances',
    )
  }
  checkSlots(intent, types, path, slots, issues, marks)
  if (intent.confirmation)
    checkConfirmation(intent.confirmation, at(path, 'confirm'), slots, issues)
  if (intent.followUp) checkConfirmation(intent.followUp, at(path, 'followUp'), slots, issues)
  for (const key of ['success', 'failure', 'closing'] as const) {
    const statement = intent[key]
    if (statement) checkStatement(statement, at(path, key), slots, issues)
  }
  if (intent.followUp && intent.closing) {
    issues.error(at(path, 'closing'), 'is never said beside a followUp; write one of them')
  }
  for (const [key, hook] of [
    ['dialogHook', intent.dialogHook],
    ['fulfil', intent.fulfilmentHook],
  ] as const) {
    if (hook !== null && (hook === '' || hook.length > limits.hookNameLength)) {
      issues.error(at(path, key), `the name of a hook has 1 to ${limits.hookNameLength} characters`)
    }
  }
  const steers = intent.builtin !== null && !/Fallback|Help/.test(intent.builtin)
  const speaks = intent.fulfilmentHook ?? intent.dialogHook ?? intent.closing ?? intent.success
  if (intent.builtin !== null && !steers && speaks === null) {
    issues.warn(path, 'says nothing; give it a closing or a hook')
  }
  checkContexts(intent, at(path, 'contexts'), issues)
}

function checkUtterances(
  utterances: readonly string[],
  most: number,
  slots: ReadonlySet<string>,
  path: string,
  issues: Issues,
  marks: 'refuse' | 'warn',
): void {
  if (utterances.length > most) {
    issues.error(path, `has ${utterances.length} utterances; ${most} are allowed`)
  }
  utterances.forEach((utterance, i) => {
    if (utterance.length > limits.utteranceLength) {
      issues.error(
        at(path, i),
        `has ${utterance.length} characters; ${limits.utteranceLength} are allowed`,
      )
      return
    }
    for (const { severity, message } of utteranceProblems(utterance, slots)) {
      if (severity === 'mark' && marks === 'warn') issues.warn(at(path, i), message)
      else issues.error(at(path, i), message)
    }
  })
}

function checkSlots(
  intent: IntentModel,
  types: ReadonlyMap<string, SlotTypeModel>,
  path: string,
  names: ReadonlySet<string>,
  issues: Issues,
  marks: 'refuse' | 'warn',
): void {
  if (intent.slots.length > limits.slotsPerIntent) {
    issues.error(
      at(path, 'slots'),
      `has ${intent.slots.length} slots; ${limits.slotsPerIntent} are allowed`,
    )
  }
  for (const slot of intent.slots) {
    const here = at(at(path, 'slots'), slot.name)
    if (!slotNamePattern.test(slot.name)) {
      issues.error(here, 'a name has 1 to 100 letters and digits, single _, - or . between them')
    }
    checkSlotType(slot, types, here, issues)
    const [least, most] = limits.priority
    if (!Number.isInteger(slot.priority) || slot.priority < least || slot.priority > most) {
      issues.error(
        at(here, 'priority'),
        `must be a whole number from ${least} to ${most}, got ${slot.priority}`,
      )
    }
    if (slot.prompt) checkPrompt(slot.prompt, here, names, issues)
    else if ((slot.required || slot.asked) && intent.dialogHook === null) {
      issues.error(at(here, 'prompt'), 'is missing: a slot that is asked for needs a question')
    }
    checkUtterances(
      slot.utterances,
      limits.utterancesPerSlot,
      names,
      at(here, 'utterances'),
      issues,
      marks,
    )
    if (slot.defaults.length > limits.defaultsPerSlot) {
      issues.error(
        at(here, 'defaults'),
        `has ${slot.defaults.length}; ${limits.defaultsPerSlot} are allowed`,
      )
    }
    slot.defaults.forEach((value, i) => {
      if (value === '' || value.length > limits.defaultLength) {
        issues.error(at(at(here, 'defaults'), i), `has 1 to ${limits.defaultLength} characters`)
      }
    })
  }
}

function checkSlotType(
  slot: SlotModel,
  types: ReadonlyMap<string, SlotTypeModel>,
  path: string,
  issues: Issues,
): void {
  if (types.has(slot.type)) return
  const here = at(path, 'type')
  const builtin = builtinSlotType(slot.type)
  if (builtin?.kind === 'unsupported') {
    issues.error(
      here,
      `${builtin.name} is not supported; use AMAZON.FreeFormInput or a slot type of your own`,
    )
  } else if (!builtin) {
    const own = [...types.keys()].slice(0, 10).join(', ') || 'no slot types of its own'
    issues.error(
      here,
      slot.type.toUpperCase().startsWith('AMAZON.')
        ? `${slot.type} is not a built-in slot type of Lex`
        : `there is no slot type ${slot.type}; the bot has ${own}`,
    )
  }
}

function checkContexts(intent: IntentModel, path: string, issues: Issues): void {
  const { inputContexts, outputContexts } = intent
  if (inputContexts.length > limits.inputContexts) {
    issues.error(
      at(path, 'input'),
      `has ${inputContexts.length}; ${limits.inputContexts} are allowed`,
    )
  }
  if (outputContexts.length > limits.outputContexts) {
    issues.error(
      at(path, 'output'),
      `has ${outputContexts.length}; ${limits.outputContexts} are allowed`,
    )
  }
  for (const name of [...inputContexts, ...outputContexts.map((output) => output.name)]) {
    if (!namePattern.test(name)) {
      issues.error(
        path,
        `"${name.slice(0, 60)}": the name of a context has 1 to 100 letters and digits, single _ or - between them`,
      )
    }
  }
  outputContexts.forEach(({ turnsToLive, timeToLiveSeconds }, i) => {
    const here = at(at(path, 'output'), i)
    for (const [key, value, [least, most]] of [
      ['turns', turnsToLive, limits.contextTurns],
      ['seconds', timeToLiveSeconds, limits.contextSeconds],
    ] as const) {
      if (!Number.isInteger(value) || value < least || value > most) {
        issues.error(at(here, key), `must be a whole number from ${least} to ${most}, got ${value}`)
      }
    }
  })
}
