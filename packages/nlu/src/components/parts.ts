/** Reads what components saved, and the options of pipeline entries, with errors that say what is wrong. */
import type { z } from 'zod'
import type { ComponentParts } from '../component.ts'
import type { Section } from '../model-file.ts'
import { NluError } from '../nlu-error.ts'

/** @throws {NluError} bad_config */
export function readOptions<T>(schema: z.ZodType<T>, given: unknown, component: string): T {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new NluError(
    'bad_config',
    `option ${issue?.path.join('.')} of ${component}: ${issue?.message}`,
    { cause: parsed.error },
  )
}

/** @throws {NluError} bad_model */
export function readJson<T>(schema: z.ZodType<T>, parts: ComponentParts, component: string): T {
  const parsed = schema.safeParse(parts.json)
  if (parsed.success) return parsed.data
  throw new NluError(
    'bad_model',
    `the model's part for ${component} cannot be read; train it again`,
    { cause: parsed.error },
  )
}

/** A section of the type and length that the component needs. @throws {NluError} bad_model */
export function section<T extends Section>(
  { sections }: ComponentParts,
  name: string,
  type: new (length: number) => T,
  length?: number,
): T {
  const found = sections[name]
  if (found instanceof type && (length === undefined || found.length === length)) return found
  throw new NluError(
    'bad_model',
    `the model's section ${name} is missing or has the wrong size; train it again`,
  )
}
