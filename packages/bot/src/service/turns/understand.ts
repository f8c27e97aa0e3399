/** Asks what a sentence means, within a time; whoever does not answer leaves an empty understanding that says why. */
import type { Session } from '../../dialogue/session.ts'
import type { BotModel } from '../../model/bot-model.ts'
import type { Understander, Understanding } from '../../understanding/understanding.ts'

export interface Asked {
  readonly text: string
  readonly session: Session
  readonly model: BotModel
  readonly now: number
  readonly timeZone: string
  /** Milliseconds that it may take. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

/** @throws the signal's reason */
export async function understand(
  understander: Understander,
  { text, session, model, now, timeZone, timeout, signal }: Asked,
): Promise<Understanding> {
  const over = new AbortController()
  const end = () => over.abort(signal?.reason)
  signal?.addEventListener('abort', end, { once: true })
  const timer = setTimeout(
    () => over.abort(new Error(`understanding took longer than ${timeout} ms`)),
    timeout,
  )
  try {
    signal?.throwIfAborted()
    const aborted = new Promise<never>((_, reject) => {
      over.signal.addEventListener('abort', () => reject(over.signal.reason), { once: true })
    })
    const { intent } = session
    const asked = understander.understand({
      text,
      model,
      version: session.version,
      locale: session.locale,
      contexts: session.contexts.map(({ name }) => name),
      eliciting: intent?.eliciting
        ? {
            intent: intent.name,
            slot: intent.eliciting.type === 'slot' ? intent.eliciting.slot : null,
          }
        : null,
      now,
      timeZone,
      signal: over.signal,
    })
    return await Promise.race([asked, aborted])
  } catch (error) {
    signal?.throwIfAborted()
    return nothingUnderstood(`understanding is away: ${messageOf(error)}`)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  }
}

export function nothingUnderstood(degraded: string | null): Understanding {
  return { intents: [], entities: [], source: 'given', degraded }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500)
}
