/**
 * A language model that answers from a file: what was once asked is answered as it was then, without a network. With a model to record
 * from, what is missing is asked and kept; without one a miss is an error that `close` tells, so that a test cannot pass over it.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { BotError } from '../bot-error.ts'
import type { LanguageModel, LanguageModelRequest } from './language-model.ts'

export interface CassetteOptions {
  readonly file: string
  /** Absent: nothing is recorded. */
  readonly record?: LanguageModel
}

export interface Cassette extends LanguageModel {
  /** Writes what was recorded. @throws {BotError} NOT_FOUND when something was asked that is not in the file */
  close(): Promise<void>
}

const version = 1
const tape = z.object({
  version: z.number(),
  answers: z.record(z.string(), z.object({ text: z.string(), answer: z.unknown() })),
})

/** @throws {BotError} BAD_INPUT, FORMAT */
export async function cassette({ file, record }: CassetteOptions): Promise<Cassette> {
  const answers = new Map(Object.entries((await read(file)).answers))
  const misses: string[] = []
  let changed = false
  return {
    async complete(request) {
      const key = keyOf(request)
      const known = answers.get(key)
      if (known) return known.answer
      if (!record) {
        misses.push(request.text)
        throw new BotError('NOT_FOUND', `${file} has no answer to this request; record it`)
      }
      const answer = await record.complete(request)
      answers.set(key, { text: request.text, answer })
      changed = true
      return answer
    },
    async close() {
      if (changed) await write(file, { version, answers: Object.fromEntries(answers) })
      changed = false
      if (misses.length > 0) {
        const asked = misses.map((text) => JSON.stringify(text)).join(', ')
        throw new BotError('NOT_FOUND', `${file} has no answers to ${asked}; record them`)
      }
    },
  }
}

function keyOf({ instructions, text, schema }: LanguageModelRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([instructions, text, schema]))
    .digest('hex')
}

async function read(file: string): Promise<z.infer<typeof tape>> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return { version, answers: {} }
  }
  const parsed = tape.safeParse(json(text))
  if (!parsed.success)
    throw new BotError('BAD_INPUT', `${file}: not a cassette`, { cause: parsed.error })
  if (parsed.data.version > version)
    throw new BotError('FORMAT', `${file}: version ${parsed.data.version}; update @typestead/bot`)
  return parsed.data
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whole or not at all. */
async function write(file: string, content: z.infer<typeof tape>): Promise<void> {
  const beside = `${file}.${randomUUID()}.tmp`
  await writeFile(beside, `${JSON.stringify(content, null, 2)}\n`)
  await rename(beside, file)
}
