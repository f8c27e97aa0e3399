/** Checks the default export of a config; every problem is named by its path. */
import { z } from 'zod'
import { channelNames } from '../bots/bots-config.ts'
import { TypesteadError } from '../typestead-error.ts'
import type { AppConfig } from './define-config.ts'

/** @throws {TypesteadError} `CONFIG_INVALID` */
export function checkConfig(file: string, exported: unknown): AppConfig {
  if (exported === undefined) {
    throw new TypesteadError(
      'CONFIG_INVALID',
      `${file} has no default export; write "export default defineConfig({ … })"`,
    )
  }
  const result = configSchema.safeParse(exported)
  // The schema names every member of AppConfig; functions and classes are kept as they are.
  if (result.success) return exported as AppConfig
  const problems = result.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`,
  )
  throw new TypesteadError('CONFIG_INVALID', `${file}:\n  ${problems.join('\n  ')}`)
}

/** A function of an app: what it takes and gives is checked by the compiler. */
function callable(what: string) {
  return z.custom<unknown>((value) => typeof value === 'function', `must be a function ${what}`)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const model = z.custom<unknown>(
  (value) => isObject(value) && Array.isArray(value.metas) && typeof value.meta === 'function',
  'must be made by defineModel({ … })',
)

const source = z.custom<unknown>(
  (value) => isObject(value) && typeof value.connect === 'function',
  'must be made by embedded(…), postgres(…) or mongo(…)',
)

const entity = z.custom<unknown>(
  (value) => typeof value === 'function' && 'entityName' in value,
  'must be a class that extends Entity(…)',
)

const configSchema = z
  .strictObject({
    name: z.string().min(1).optional(),
    model,
    source: source.optional(),
    seed: callable('(db, context) => …').optional(),
    secrets: z
      .array(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable'))
      .optional(),
    api: callable('(db, app) => graphql(db, { … })').optional(),
    signIn: z
      .strictObject({
        user: entity,
        login: z.string(),
        password: z.string(),
        role: z.string().optional(),
        normalize: callable('(login) => …').optional(),
      })
      .optional(),
    routes: callable('(app) => (request) => …').optional(),
    pages: z.string().min(1).optional(),
    nlu: z
      .strictObject({
        projects: z.record(
          z.string().regex(/^\w[\w.-]*$/, 'must be of letters, digits, _ - .'),
          z.strictObject({
            files: z.array(z.string()).min(1),
            pipeline: z.enum(['fast', 'embedding', 'keyword']).optional(),
            language: z.string().optional(),
          }),
        ),
        vocabularies: z
          .record(z.string(), z.strictObject({ entity, field: z.string() }))
          .optional(),
        timeZone: z.string().optional(),
      })
      .optional(),
    bots: z
      .strictObject({
        define: callable('(app) => [defineBot({ … })]'),
        alias: z
          .string()
          .regex(/^[A-Za-z]\w{0,99}$/, 'must begin with a letter, then letters, digits and _')
          .optional(),
        channels: z
          .strictObject(
            Object.fromEntries(
              channelNames.map((name) => [
                name,
                z.union([z.string(), z.array(z.string()).min(1)]).optional(),
              ]),
            ),
          )
          .optional(),
        hooks: z
          .strictObject({
            isolation: z.enum(['worker', 'process']).optional(),
            timeoutMs: z.int().min(1).max(900_000).optional(),
            workers: z.int().min(1).max(64).optional(),
            memoryMb: z.int().min(8).max(16_384).optional(),
            named: z.record(z.string().min(1), z.unknown()).optional(),
          })
          .optional(),
        understanding: callable('(classifier) => assisted({ … })').optional(),
        timeZone: z.string().optional(),
      })
      .optional(),
    graphiqlInProduction: z.boolean().optional(),
    bodyBytes: z.int().min(1).optional(),
    plan: z
      .array(z.looseObject({ name: z.string(), effects: callable('(context) => …') }))
      .optional(),
  })
  .superRefine((config, context) => {
    const app = config as unknown as AppConfig
    for (const problem of signInProblems(app)) {
      context.addIssue({ code: 'custom', path: problem.path, message: problem.message })
    }
  })

/** The names that `signIn` gives must be fields of the user, and the model must hold what it needs. */
function signInProblems({ model, signIn }: AppConfig): { path: string[]; message: string }[] {
  if (signIn === undefined) return []
  const meta = model.metas.find((one) => one.entity === signIn.user)
  if (meta === undefined) {
    return [
      { path: ['signIn', 'user'], message: 'is not in the model; add it to defineModel({ … })' },
    ]
  }
  const problems: { path: string[]; message: string }[] = []
  for (const name of ['login', 'password', 'role'] as const) {
    const field = signIn[name]
    if (field !== undefined && !meta.fields.has(field)) {
      problems.push({ path: ['signIn', name], message: `${meta.name} has no field "${field}"` })
    }
  }
  if (meta.key.length !== 1) {
    problems.push({
      path: ['signIn', 'user'],
      message: `the key of ${meta.name} must be one field`,
    })
  }
  const login = meta.fields.get(signIn.login)?.definition
  if (login !== undefined && (!login.unique || login.secret)) {
    problems.push({
      path: ['signIn', 'login'],
      message: `${meta.name}.${signIn.login} must be unique() and not secret()`,
    })
  }
  if (!model.metas.some((one) => one.name === 'Session')) {
    problems.push({
      path: ['signIn'],
      message:
        'needs the entity Session: import { Session } from "typestead" into defineModel({ … })',
    })
  }
  return problems
}
