/** The shape of a definition, for those that come as JSON; what is said is read by compile-messages.ts, limits by check-model.ts. */
import { z } from 'zod'
import type { BotDefinition } from './define-bot.ts'
import { at, type Issues } from './issues.ts'
import { type Path, soundDefinition } from './sound-definition.ts'

const words = z.unknown()
const hook = z.union(
  [
    z.string().min(1),
    z.function(),
    z.object({
      type: z.literal('lambda'),
      code: z.union([z.string(), z.function()]),
      event: z.string(),
      handler: z.string(),
    }),
  ],
  { error: 'must be a function, lambda(…) or the name of a hook' },
)
const confirmation = z.strictObject({
  prompt: words,
  rejection: words,
  retries: words.optional(),
  selection: words.optional(),
})
const asking = {
  prompt: words.optional(),
  retries: words.optional(),
  selection: words.optional(),
}
const intentWords = {
  description: z.string().optional(),
  utterances: z.array(z.string()).optional(),
  confirm: confirmation.optional(),
  success: words.optional(),
  failure: words.optional(),
  followUp: confirmation.optional(),
  closing: words.optional(),
}
const values = z.array(
  z.union(
    [z.string(), z.strictObject({ value: z.string(), synonyms: z.array(z.string()).optional() })],
    { error: 'must be a text or {value, synonyms}' },
  ),
)
const phrases = z.strictObject({
  yes: z.array(z.string()).optional(),
  no: z.array(z.string()).optional(),
  cancel: z.array(z.string()).optional(),
  repeat: z.array(z.string()).optional(),
  correct: z.array(z.string()).optional(),
  change: z.array(z.string()).optional(),
  skip: z.array(z.string()).optional(),
  person: z.array(z.string()).optional(),
  cancelled: z.string().optional(),
  handedOff: z.string().optional(),
  resumed: z.string().optional(),
  apology: z.string().optional(),
})
const localeWords = {
  threshold: z.number().min(0).max(1).optional(),
  outputVoice: z.string().max(100).nullish(),
  clarification: words.optional(),
  abort: words.optional(),
  phrases: phrases.optional(),
}

const definitionSchema = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  sessionTtlSeconds: z.number().optional(),
  childDirected: z.boolean().optional(),
  locale: z.string().optional(),
  ...localeWords,
  slotTypes: z
    .record(
      z.string(),
      z.strictObject({
        description: z.string().optional(),
        values: values.optional(),
        resolve: z.enum(['top', 'original']).optional(),
        pattern: z.string().optional(),
        vocabulary: z.string().min(1).max(200).optional(),
        // A class or an object with a name.
        entity: z
          .custom((value) => typeof nameOf(value) === 'string', 'must be an entity or its name')
          .optional(),
        field: z.string().min(1).optional(),
        extends: z.string().optional(),
      }),
    )
    .optional(),
  intents: z.record(
    z.string(),
    z.strictObject({
      ...intentWords,
      slots: z
        .record(
          z.string(),
          z.strictObject({
            type: z.string(),
            ...asking,
            required: z.boolean().optional(),
            ask: z.boolean().optional(),
            priority: z.number().optional(),
            utterances: z.array(z.string()).optional(),
            defaults: z.array(z.string()).optional(),
            multiple: z.boolean().optional(),
            obfuscate: z.boolean().optional(),
          }),
        )
        .optional(),
      builtin: z.string().optional(),
      fallback: z.boolean().optional(),
      dialogHook: hook.optional(),
      fulfil: hook.optional(),
      contexts: z
        .strictObject({
          input: z.array(z.string()).optional(),
          output: z
            .array(
              z.union(
                [
                  z.string(),
                  z.strictObject({
                    name: z.string(),
                    turns: z.number().optional(),
                    seconds: z.number().optional(),
                  }),
                ],
                { error: 'must be a name or {name, turns, seconds}' },
              ),
            )
            .optional(),
        })
        .optional(),
    }),
  ),
  locales: z
    .record(
      z.string(),
      z.strictObject({
        ...localeWords,
        slotTypes: z
          .record(
            z.string(),
            z.strictObject({
              description: z.string().optional(),
              values: values.optional(),
              pattern: z.string().optional(),
            }),
          )
          .optional(),
        intents: z.record(
          z.string(),
          z.strictObject({
            ...intentWords,
            slots: z
              .record(
                z.string(),
                z.strictObject({
                  ...asking,
                  utterances: z.array(z.string()).optional(),
                  defaults: z.array(z.string()).optional(),
                }),
              )
              .optional(),
          }),
        ),
      }),
    )
    .optional(),
})

/**
 * Tells what in a definition is of the wrong shape.
 * @returns the definition less that, to be checked further; null when nothing is left of it
 */
export function checkShape(definition: BotDefinition, issues: Issues): BotDefinition | null {
  const { error } = definitionSchema.safeParse(definition)
  if (!error) return definition
  const wrong: Path[] = []
  const tell = (path: Path, message: string) => {
    let shown = ''
    for (const key of path) shown = at(shown, typeof key === 'number' ? key : String(key))
    issues.error(shown === '' ? 'definition' : shown, message)
    if (shown !== '') issues.leaveOut(shown)
    wrong.push(path)
  }
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) tell([...issue.path, key], unknownKey(key))
    } else tell(issue.path, inWords(issue.message))
  }
  // What had the wrong shape is gone, or has a stand-in.
  return soundDefinition(definition, wrong) as BotDefinition | null
}

function inWords(message: string): string {
  if (message.endsWith('received undefined')) return 'is missing'
  return message
    .replace(/^Invalid input: expected (\w+), received (\w+)$/, 'must be $1, got $2')
    .replace(/^Invalid option: expected one of /, 'must be one of ')
}

function unknownKey(key: string): string {
  const near = knownKeys.find((known) => isNear(known, key.slice(0, 40)))
  return `is not known here${near === undefined ? '' : `; did you mean ${near}?`}`
}

const knownKeys =
  'name description sessionTtlSeconds childDirected locale locales slotTypes intents values synonyms resolve pattern vocabulary entity field extends utterances slots type prompt retries selection required ask priority defaults multiple obfuscate confirm rejection success failure followUp closing builtin fallback dialogHook fulfil contexts input output threshold outputVoice clarification abort phrases'.split(
    ' ',
  )

/** Two letters more, less or other at most, one in a short word. */
function isNear(known: string, key: string): boolean {
  const most = known.length < 5 ? 1 : 2
  let row = Array.from({ length: known.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...key.toLowerCase()].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...known.toLowerCase()].entries()) {
      const same = (row[j] as number) + (letter === other ? 0 : 1)
      next.push(Math.min(same, (row[j + 1] as number) + 1, (next[j] as number) + 1))
    }
    row = next
  }
  return (row.at(-1) as number) <= most
}

/** The name of an entity given as its class, its descriptor or its name. */
export function nameOf(entity: unknown): string | undefined {
  if (typeof entity === 'string') return entity
  if ((typeof entity !== 'object' || entity === null) && typeof entity !== 'function')
    return undefined
  const name: unknown = Reflect.get(entity as object, 'name')
  return typeof name === 'string' && name !== '' ? name : undefined
}
