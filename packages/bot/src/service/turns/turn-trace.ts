/**
 * A turn as a span of OpenTelemetry with its understanding, hooks and commit below it, where somebody records it. Hooks run inside
 * theirs, so what they ask of others is below it too. Spans hold no words of users, and no names of them.
 */
import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

const tracer = trace.getTracer('@typestead/bot')

export class TurnTrace {
  readonly #span: Span
  readonly #context: Context
  #ended = false

  constructor(span: Span) {
    this.#span = span
    this.#context = trace.setSpan(context.active(), span)
  }

  /** Runs a part of the turn inside a span of its own. */
  part<R>(name: string, attributes: Attributes, work: () => Promise<R>): Promise<R> {
    const span = tracer.startSpan(name, { attributes }, this.#context)
    return context.with(trace.setSpan(this.#context, span), async () => {
      try {
        return await work()
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        span.end()
      }
    })
  }

  /** The first end counts. @param outcome `answered`, or the code of what failed; only what was kept has a commit */
  end(outcome: string, commitMilliseconds?: number): void {
    if (this.#ended) return
    this.#ended = true
    if (commitMilliseconds !== undefined) {
      const startTime = Date.now() - commitMilliseconds
      tracer.startSpan('bot commit', { startTime }, this.#context).end()
    }
    this.#span.setAttribute('bot.outcome', outcome)
    if (outcome !== 'answered') this.#span.setStatus({ code: SpanStatusCode.ERROR })
    this.#span.end()
  }
}

/** @returns undefined where nobody records it */
export function beginTurnTrace(attributes: {
  readonly bot: string
  readonly version: string
  readonly locale: string
  readonly channel: string
}): TurnTrace | undefined {
  const span = tracer.startSpan('bot turn')
  if (!span.isRecording()) return undefined
  for (const [name, value] of Object.entries(attributes)) span.setAttribute(`bot.${name}`, value)
  return new TurnTrace(span)
}

/** Delivers an answer inside a span. */
export function tracedDelivery(channel: string, work: () => Promise<void>): Promise<void> {
  return tracer.startActiveSpan(
    'bot deliver',
    { kind: SpanKind.PRODUCER, attributes: { 'bot.channel': channel } },
    async (span) => {
      try {
        await work()
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        span.end()
      }
    },
  )
}
