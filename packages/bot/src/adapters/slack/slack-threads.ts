/**
 * Which threads the bot takes part in, so that people there need not mention it in each line. What is not known is asked of Slack
 * once; at most 10,000 threads are remembered, the longest unused is forgotten first.
 */
import { fields, list, text } from '../webhook-request.ts'
import type { SlackWeb } from './slack-web.ts'

const most = 10_000

export class SlackThreads {
  readonly #web: SlackWeb
  readonly #known = new Map<string, boolean>()

  constructor(web: SlackWeb) {
    this.#web = web
  }

  /** The bot was mentioned in the thread, or spoke. */
  joined(conversation: string): void {
    this.#keep(conversation, true)
  }

  /** Whether the bot wrote in the thread. Rejects when Slack can't be asked. */
  async takesPart(
    token: string,
    conversation: string,
    bot: string,
    place: { readonly channel: string; readonly thread: string },
  ): Promise<boolean> {
    const known = this.#known.get(conversation)
    if (known !== undefined) {
      this.#keep(conversation, known)
      return known
    }
    const { messages } = await this.#web.call(
      token,
      'conversations.replies',
      { channel: place.channel, ts: place.thread, limit: 200 },
      AbortSignal.timeout(2_000),
    )
    const found = list(messages).some((message) => text(fields(message).user) === bot)
    this.#keep(conversation, found)
    return found
  }

  #keep(conversation: string, value: boolean): void {
    this.#known.delete(conversation)
    this.#known.set(conversation, value)
    if (this.#known.size <= most) return
    const oldest = this.#known.keys().next()
    if (!oldest.done) this.#known.delete(oldest.value)
  }
}
