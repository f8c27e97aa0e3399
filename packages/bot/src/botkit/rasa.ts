/**
 * Understanding by a Rasa server (0.x `/parse`, later `/model/parse`; `typestead nlu serve` speaks both): `receive` fills
 * `message.intent`, `message.entities` and `message.confidence`, `hears` compares intents. A server that is away, slow or lies makes
 * the message degraded: the controller then apologises and tells its `degraded` listeners.
 */
import { callFarSide } from '../adapters/far-side.ts'
import { type Fields, fields, list, text } from '../adapters/webhook-request.ts'
import { BotError } from '../bot-error.ts'
import type { BotkitMessage, Ears } from './botkit-message.ts'
import type { Next } from './middleware.ts'

export interface RasaOptions {
  /** `http://localhost:5000` */
  readonly rasa_uri: string
  /** Confidence, 0 to 1, below which an intent is not heard; 0.5 by default. */
  readonly threshold?: number
  /** Said when the server can't be asked. */
  readonly apology?: string
  /** Said to those who speak to the bot and are not understood; false says nothing. */
  readonly unclear?: string | false
  /** Milliseconds, 2,000 by default. */
  readonly timeout?: number
}

export interface RasaMiddleware {
  receive(bot: unknown, message: BotkitMessage, next: Next): void
  hears: Ears
}

const longestText = 4_000

export function rasa(options: RasaOptions): RasaMiddleware {
  const base = checkAddress(options.rasa_uri)
  const { threshold = 0.5, timeout = 2_000 } = options
  const { apology = 'Sorry, I can’t answer right now. Please try again in a minute.' } = options
  const { unclear = 'Sorry, I did not understand that. Can you say it in other words?' } = options
  /** The one that answered last. */
  let path = '/parse'

  async function parse(words: string): Promise<Fields> {
    const signal = AbortSignal.timeout(timeout)
    const ask = (at: string) =>
      callFarSide(
        {
          name: 'the Rasa server',
          url: base + at,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ q: words, text: words }),
          signal,
          timeoutMs: timeout,
        },
        ({ status }) => status === 404 || status === 405,
      )
    try {
      return await ask(path)
    } catch (error) {
      if (error instanceof BotError) throw error
      path = path === '/parse' ? '/model/parse' : '/parse'
      return ask(path)
    }
  }

  async function understand(message: BotkitMessage): Promise<void> {
    const answer = await parse(message.text.slice(0, longestText))
    const { name, confidence } = fields(answer.intent)
    if (answer.intent !== null && (typeof name !== 'string' || typeof confidence !== 'number')) {
      throw new BotError('UNAVAILABLE', 'the Rasa server answered without an intent')
    }
    message.intent = typeof name === 'string' ? { name, confidence: Number(confidence) } : null
    message.entities = list(answer.entities).filter((one) => text(fields(one).entity) !== '')
    message.confidence = message.intent?.confidence ?? 0
    if (unclear !== false) message.unclear = unclear
  }

  return {
    receive(_bot, message, next) {
      if (typeof message.text !== 'string' || message.text.trim() === '') {
        next()
        return
      }
      understand(message).then(
        () => next(),
        (error) => {
          message.intent = null
          message.entities = []
          message.confidence = 0
          message.degraded = { reason: error instanceof Error ? error.message : 'failed', apology }
          next()
        },
      )
    },
    hears(patterns, message) {
      const { intent } = message
      if (!intent || intent.confidence < threshold) return false
      return patterns.some((one) =>
        typeof one === 'string' ? one === intent.name : one.test(intent.name),
      )
    },
  }
}

function checkAddress(uri: string): string {
  const url = URL.parse(uri)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new BotError('BAD_INPUT', 'rasa_uri must be an address such as http://localhost:5000')
  }
  return url.href.replace(/\/$/, '')
}
