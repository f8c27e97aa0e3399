/**
 * Understanding by a server that speaks Rasa's HTTP API: `/parse` of 0.x or `/model/parse` of 3.x. When it is away, sentences that are
 * an utterance word for word are still understood; others say that understanding is degraded.
 */
import { z } from 'zod'
import { BotError } from '../bot-error.ts'
import type { LocaleModel } from '../model/bot-model.ts'
import { away, serverUrl, UnderstandingServer } from './ask-server.ts'
import { localeOf } from './nlu-understanding.ts'
import { Templates } from './template-match.ts'
import { allowedIntents, templateUnderstanding, withTemplates } from './template-understanding.ts'
import type { Understander, Understanding, UnderstandRequest } from './understanding.ts'

export interface RasaUnderstandingOptions {
  /** With the path (`…/parse`, `…/model/parse`), or the server's root, which means `/model/parse`. */
  readonly url: string | URL
  readonly token?: string
  /** Of Rasa 0.x. */
  readonly project?: string
  /** Milliseconds, 2,000 by default. */
  readonly timeoutMs?: number
  readonly clock?: () => number
}

const answer = z.object({
  intent: z.object({ name: z.string().nullish(), confidence: z.number().catch(0) }).nullish(),
  intent_ranking: z
    .array(z.object({ name: z.string().nullish(), confidence: z.number().catch(0) }))
    .max(2_000)
    .nullish(),
  entities: z
    .array(
      z.object({
        entity: z.string(),
        value: z.union([z.string(), z.number()]).transform(String).catch(''),
        start: z.int().min(0),
        end: z.int().min(0),
        confidence: z.number().nullish(),
        confidence_entity: z.number().nullish(),
      }),
    )
    .max(1_000)
    .nullish(),
})

/** @throws {BotError} BAD_INPUT */
export function rasaUnderstanding(options: RasaUnderstandingOptions): Understander {
  const url = serverUrl(options.url, 'rasaUnderstanding()')
  if (url.pathname === '/') url.pathname = '/model/parse'
  if (options.token !== undefined) url.searchParams.set('token', options.token)
  const isOld = !url.pathname.endsWith('/model/parse')
  const server = new UnderstandingServer({
    url,
    timeoutMs: options.timeoutMs ?? 2_000,
    headers: {},
    mostBytes: 1024 * 1024,
    clock: options.clock ?? Date.now,
  })
  const known = new WeakMap<LocaleModel, Templates>()
  return {
    async understand(request) {
      const locale = localeOf(request.model, request.locale)
      const templates = known.get(locale) ?? new Templates(locale)
      known.set(locale, templates)
      const certain = templateUnderstanding(templates, locale, request, undefined)
      const { text } = request
      const body = isOld
        ? { q: text, ...(options.project === undefined ? {} : { project: options.project }) }
        : { text }
      try {
        const said = answer.safeParse(await server.ask(body, request.signal))
        if (!said.success) throw away("answered what is not Rasa's")
        return withTemplates(read(said.data, locale, request), certain)
      } catch (error) {
        if (!(error instanceof BotError) || request.signal.aborted) throw error
        return withTemplates({ ...nothing, degraded: error.message }, certain)
      }
    },
  }
}

const nothing: Understanding = { intents: [], entities: [], source: 'rasa', degraded: null }

/** Only intents that the bot has; offsets are code points in Rasa, UTF-16 here. */
function read(
  { intent, intent_ranking, entities }: z.infer<typeof answer>,
  locale: LocaleModel,
  { text, contexts }: UnderstandRequest,
): Understanding {
  const allowed = allowedIntents(locale, contexts)
  const best = new Map<string, number>()
  for (const { name, confidence } of [...(intent ? [intent] : []), ...(intent_ranking ?? [])])
    if (name && allowed.has(name)) best.set(name, Math.max(best.get(name) ?? 0, unit(confidence)))
  const points = [...text]
  const at = (point: number): number => points.slice(0, point).join('').length
  return {
    intents: [...best]
      .map(([name, confidence]) => ({ name, confidence }))
      .sort((a, b) => b.confidence - a.confidence),
    entities: (entities ?? [])
      .filter(({ start, end, value }) => start < end && end <= points.length && value !== '')
      .map(({ entity, value, start, end, confidence, confidence_entity }) => ({
        entity,
        value,
        start: at(start),
        end: at(end),
        confidence: unit(confidence_entity ?? confidence ?? 1),
      })),
    source: 'rasa',
    degraded: null,
  }
}

function unit(value: number): number {
  return Math.min(1, Math.max(0, value))
}
