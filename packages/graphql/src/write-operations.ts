/** What answers create, update and remove: one write of the store, its errors told in the API's own names. */
import { checkCreate, checkUpdate, type EntityMeta, ValidationError } from '@typestead/entity'
import { StoreError } from '@typestead/store'
import { ApiError, type FieldProblem } from './api-error.ts'
import type { Context } from './context.ts'
import { filled } from './error-text.ts'
import { type InputField, storedValues } from './input-fields.ts'
import { type NestedInput, writeNested } from './nested-writes.ts'
import type { CreateOptions, RemoveOptions, UpdateOptions } from './operation.ts'
import type { RequestState } from './request-state.ts'
import type { AnyEntity } from './view.ts'
import type { ViewPlan } from './view-plan.ts'

type Arguments = Readonly<Record<string, unknown>>

/** Where the values of a write stand among the arguments. */
export interface WriteInput {
  readonly fields: readonly InputField[]
  /** The argument with the input object; `undefined` where each field is an argument. */
  readonly argument: string | undefined
  /** Relations whose rows are written too. */
  readonly nested: readonly NestedInput[]
}

export async function writeCreate(
  view: ViewPlan,
  input: WriteInput,
  options: CreateOptions<AnyEntity, never>,
  args: Arguments,
  { context }: RequestState,
): Promise<unknown> {
  const values = valuesOf(input, args)
  return told(view, input, options.unlinked, args, () =>
    writeNested(
      context.db,
      view.meta,
      input.nested,
      givenOf(input, args),
      values,
      async (all, db) =>
        options.resolve
          ? options.resolve(checked(view.meta, all, checkCreate), {
              ...context,
              db,
            } as Context<never>)
          : db.create(view.meta.entity, all as never),
    ),
  )
}

export async function writeUpdate(
  view: ViewPlan,
  input: WriteInput,
  options: UpdateOptions<AnyEntity, never>,
  args: Arguments,
  { context }: RequestState,
): Promise<unknown> {
  const values = valuesOf(input, args)
  const key = keyOf(view, args)
  const lock = typeof args.version === 'number' ? { version: args.version } : {}
  const row = await told(view, input, options.unlinked, args, () =>
    writeNested(
      context.db,
      view.meta,
      input.nested,
      givenOf(input, args),
      values,
      async (all, db) =>
        options.resolve
          ? options.resolve(key, checked(view.meta, all, checkUpdate), {
              ...context,
              db,
            } as Context<never>)
          : db.update(view.meta.entity, key as never, all as never, lock),
    ),
  )
  if (row === null && options.missing !== undefined) {
    throw new ApiError('NOT_FOUND', filled(options.missing, args))
  }
  return row
}

export async function removeRow(
  view: ViewPlan,
  options: RemoveOptions,
  args: Arguments,
  { context }: RequestState,
): Promise<unknown> {
  const row = await context.db.delete(view.meta.entity, keyOf(view, args) as never)
  if (row === null && options.missing !== undefined) {
    throw new ApiError('NOT_FOUND', filled(options.missing, args))
  }
  return row
}

export async function writeUpsert(
  view: ViewPlan,
  create: WriteInput,
  update: WriteInput,
  by: readonly string[],
  args: Arguments,
  { context }: RequestState,
): Promise<unknown> {
  const values = { create: valuesOf(create, args), update: valuesOf(update, args) }
  return told(view, create, undefined, args, () =>
    context.db.upsert(view.meta.entity, { by, ...values } as never),
  )
}

export async function writeMany(
  view: ViewPlan,
  input: WriteInput,
  where: unknown,
  args: Arguments,
  { context }: RequestState,
): Promise<unknown> {
  const values = valuesOf(input, args)
  return told(view, input, undefined, args, () =>
    context.db.updateMany(view.meta.entity, (where ?? {}) as never, values as never),
  )
}

function givenOf({ argument }: WriteInput, args: Arguments): Arguments {
  return ((argument === undefined ? args : args[argument]) ?? {}) as Arguments
}

function valuesOf(input: WriteInput, args: Arguments): Record<string, unknown> {
  return storedValues(input.fields, givenOf(input, args))
}

function keyOf({ meta }: ViewPlan, args: Arguments): unknown {
  const [only, ...others] = meta.key
  if (others.length === 0) return args[only as string]
  return Object.fromEntries(meta.key.map((name) => [name, args[name]]))
}

/**
 * The values as the entity wants them, before a function of the application sees them: a password is judged as it was
 * typed, not as its hash. Defaults and the tenant are left to the store.
 */
function checked(
  meta: EntityMeta,
  values: Record<string, unknown>,
  check: (meta: EntityMeta, values: unknown) => Record<string, unknown>,
): Record<string, unknown> {
  const { tenant } = meta.options
  try {
    const clean = check(meta, values)
    return Object.fromEntries(Object.keys(values).map((name) => [name, clean[name]]))
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error
    const issues = error.issues.filter(({ path }) => path[0] !== tenant)
    if (issues.length > 0) throw new ValidationError(issues, meta.name)
    return values
  }
}

async function told(
  view: ViewPlan,
  input: WriteInput,
  unlinked: Readonly<Record<string, string | undefined>> | undefined,
  args: Arguments,
  write: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await write()
  } catch (error) {
    if (error instanceof ValidationError) throw badInput(view, input, unlinked ?? {}, args, error)
    if (error instanceof StoreError && error.code === 'CONFLICT') {
      throw conflict(view, input, error)
    }
    throw error
  }
}

function badInput(
  view: ViewPlan,
  input: WriteInput,
  unlinked: Readonly<Record<string, string | undefined>>,
  args: Arguments,
  error: ValidationError,
): ApiError {
  for (const { path, message } of error.issues) {
    const text = unlinked[String(path[0])]
    // The one sentence that the store and the entity have for a link that leads nowhere.
    if (text !== undefined && message.startsWith('there is no such ')) {
      return new ApiError('NOT_FOUND', filled(text, args), { cause: error })
    }
  }
  const fields = error.issues.map(({ path, message }) => ({
    path: apiPath(input, path),
    message,
  }))
  const text = fields.map(sentence).join('; ')
  return new ApiError('BAD_INPUT', `${view.name}: ${text}`, { fields, cause: error })
}

function conflict(view: ViewPlan, input: WriteInput, error: StoreError): ApiError {
  // A field that the caller cannot write or see is not named.
  const known = (error.fields ?? []).filter((name) => apiName(view, input, name) !== undefined)
  const names = known.map((name) => apiName(view, input, name))
  const fields = known.map((name) => ({ path: apiPath(input, [name]), message: 'is taken' }))
  const text =
    names.length === 0
      ? error.fields === undefined
        ? 'others changed the same rows at the same time; try again'
        : `another ${view.name} has the same values`
      : `another ${view.name} has this ${names.join(' and ')}`
  return new ApiError('CONFLICT', text, { fields, cause: error })
}

function apiName(view: ViewPlan, { fields }: WriteInput, stored: string): string | undefined {
  const field = fields.find((one) => one.stored === stored)
  if (field) return field.name
  for (const [name, plan] of view.fields) {
    if (plan.kind === 'column' && plan.name === stored) return name
    if (plan.kind === 'relation' && plan.relation.name === stored) return name
  }
  return undefined
}

function apiPath(
  { fields, argument }: WriteInput,
  path: readonly (string | number)[],
): (string | number)[] {
  const [first, ...rest] = path
  const prefix = argument === undefined ? [] : [argument]
  if (first === undefined) return prefix
  return [...prefix, fields.find((one) => one.stored === first)?.name ?? first, ...rest]
}

function sentence({ path, message }: FieldProblem): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}
