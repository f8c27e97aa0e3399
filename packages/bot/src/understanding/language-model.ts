/** A language model as `assisted` needs one: one method, from instructions and a schema to JSON. Keys stay out of errors. */
import { z } from 'zod'
import { away, serverUrl, UnderstandingServer } from './ask-server.ts'

export interface LanguageModelRequest {
  readonly instructions: string
  /** The user's words, never instructions. */
  readonly text: string
  /** JSON Schema that the answer must follow. */
  readonly schema: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
}

export interface LanguageModel {
  /** @returns whatever the model answered, parsed or as text; it is checked. Rejects when the model is away. */
  complete(request: LanguageModelRequest): Promise<unknown>
}

export interface OpenAiCompatibleOptions {
  /** Of the server's chat completions: `https://…/v1/chat/completions`, or its root `https://…/v1`. */
  readonly url: string | URL
  readonly model: string
  readonly key?: string
  /** Milliseconds of one call, 10,000 by default; `assisted` has a limit of its own. */
  readonly timeoutMs?: number
  readonly clock?: () => number
}

const completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
})

/** @throws {BotError} BAD_INPUT */
export function openAiCompatible(options: OpenAiCompatibleOptions): LanguageModel {
  const url = serverUrl(options.url, 'openAiCompatible()')
  if (!url.pathname.endsWith('/chat/completions'))
    url.pathname = `${url.pathname.replace(/\/$/, '')}/chat/completions`
  const server = new UnderstandingServer({
    url,
    timeoutMs: options.timeoutMs ?? 10_000,
    headers: options.key === undefined ? {} : { authorization: `Bearer ${options.key}` },
    mostBytes: 256 * 1024,
    clock: options.clock ?? Date.now,
  })
  return {
    async complete({ instructions, text, schema, signal }) {
      const answer = completion.safeParse(
        await server.ask(
          {
            model: options.model,
            temperature: 0,
            messages: [
              { role: 'system', content: instructions },
              { role: 'user', content: text },
            ],
            response_format: {
              type: 'json_schema',
              json_schema: { name: 'understanding', strict: true, schema },
            },
          },
          signal,
        ),
      )
      if (!answer.success) throw away('answered what is no completion')
      const content = answer.data.choices[0]?.message.content
      if (typeof content !== 'string') throw away('refused')
      return content
    },
  }
}

/** A model of the `ai` package, as far as it is needed: its provider specification, version 2 or 3. */
export interface AiProviderModel {
  doGenerate(options: {
    readonly prompt: readonly (
      | { readonly role: 'system'; readonly content: string }
      | {
          readonly role: 'user'
          readonly content: readonly { readonly type: 'text'; readonly text: string }[]
        }
    )[]
    readonly temperature: number
    readonly responseFormat: {
      readonly type: 'json'
      readonly name: string
      readonly schema: Readonly<Record<string, unknown>>
    }
    readonly abortSignal: AbortSignal
  }): PromiseLike<{
    readonly content: readonly { readonly type: string; readonly text?: string }[]
  }>
}

export function aiProvider(model: AiProviderModel): LanguageModel {
  return {
    async complete({ instructions, text, schema, signal }) {
      const { content } = await model.doGenerate({
        prompt: [
          { role: 'system', content: instructions },
          { role: 'user', content: [{ type: 'text', text }] },
        ],
        temperature: 0,
        responseFormat: { type: 'json', name: 'understanding', schema },
        abortSignal: signal,
      })
      return content.flatMap((part) => (part.type === 'text' ? [part.text ?? ''] : [])).join('')
    },
  }
}
