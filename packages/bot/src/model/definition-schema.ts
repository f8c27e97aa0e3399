/** The shape of a definition, for those that come as JSON; what is said is read by compile-messages.ts, limits by check-model.ts. */
import { z } from 'zod'
import { at, type Issues } from './issues.ts'

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
  z.union([
    z.string(),
    z.strictObject({ value: z.string(), synonyms: z.array(z.string()).optional() }),
  ]),
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
              z.union([
                z.string(),
                z.strictObject({
                  name: z.string(),
                  turns: z.number().optional(),
                  seconds: z.number().optional(),
                }),
              ]),
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

/** Tells what in a definition is of the wrong shape. */
export function checkShape(definition: unknown, issues: Issues): void {
  const { error } = definitionSchema.safeParse(definition)
  for (const issue of error?.issues ?? []) {
    let path = ''
    for (const key of issue.path) path = at(path, typeof key === 'number' ? key : String(key))
    issues.error(path === '' ? 'definition' : path, issue.message)
  }
}

/** The name of an entity given as its class, its descriptor or its name. */
export function nameOf(entity: unknown): string | undefined {
  if (typeof entity === 'string') return entity
  if ((typeof entity !== 'object' || entity === null) && typeof entity !== 'function')
    return undefined
  const name: unknown = Reflect.get(entity as object, 'name')
  return typeof name === 'string' && name !== '' ? name : undefined
}
