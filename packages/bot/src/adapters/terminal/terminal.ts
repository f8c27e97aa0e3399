/**
 * A conversation in a terminal: each line is a message, each reply is printed. Replies come through the outbox as on any messenger;
 * one that this process printed is not printed again.
 */
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { BotError } from '../../bot-error.ts'
import type { Adapter, OutgoingMessage, Receiver } from '../adapter.ts'
import { plainTexts } from '../plain-text.ts'
import { attached } from '../webhook-request.ts'

export interface TerminalOptions {
  readonly input?: Readable
  readonly output?: Writable
  /** The channel's name, `terminal` by default. */
  readonly name?: string
  /** `you` by default. */
  readonly user?: string
  /** Which conversation goes on; a new one by default. */
  readonly conversation?: string
  /** Printed before each line that is typed; none by default where the output is no terminal. */
  readonly prompt?: string
  readonly now?: () => number
}

export interface Terminal extends Adapter {
  /** Reads lines until the input ends or `/quit` is typed; replies that were not printed by then are waited for. */
  run(options?: { readonly signal?: AbortSignal }): Promise<void>
}

/** How long a reply is waited for before the next line is read. */
const patience = 30_000

export function terminal(options: TerminalOptions = {}): Terminal {
  const { name = 'terminal', user = 'you', now = Date.now } = options
  const { input = process.stdin, output = process.stdout } = options
  const isTerminal = 'isTTY' in output && output.isTTY === true
  const prompt = options.prompt ?? (isTerminal ? '> ' : '')
  const conversation = options.conversation ?? randomUUID()
  const printed = new Set<string>()
  /** What the last buttons stand for, by their numbers. */
  let buttons: readonly string[] = []
  let receiver: Receiver | undefined
  let replied: (() => void) | undefined

  async function say(line: string, signal: AbortSignal | undefined): Promise<void> {
    const words = buttons[Number(line) - 1] ?? line
    const reply = new Promise<void>((resolve) => {
      replied = resolve
    })
    await attached(receiver, name).receive({
      channel: name,
      conversation,
      user,
      text: words,
      ids: [randomUUID()],
      sentAt: now(),
      attributes: {},
    })
    await settled(reply, patience, signal)
  }

  return {
    name,
    attach(to) {
      receiver = to
    },
    routes: {},
    async deliver(message) {
      if (printed.has(message.id)) return
      buttons = buttonsOf(message)
      await print(output, linesOf(message))
      printed.add(message.id)
      // Ids come in order; only the last can be repeated.
      for (const oldest of printed) {
        if (printed.size <= 1_000) break
        printed.delete(oldest)
      }
      replied?.()
    },
    async run({ signal } = {}) {
      const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
      const stop = () => lines.close()
      signal?.addEventListener('abort', stop, { once: true })
      try {
        if (prompt !== '') output.write(prompt)
        for await (const line of lines) {
          if (signal?.aborted || line.trim() === '/quit') break
          if (line.trim() !== '') await say(line.trim(), signal)
          if (prompt !== '') output.write(prompt)
        }
      } finally {
        signal?.removeEventListener('abort', stop)
        lines.close()
      }
    },
  }
}

function linesOf(message: OutgoingMessage): string {
  const texts = plainTexts(message.messages, null)
  const speaker = message.from === 'person' ? 'person: ' : ''
  const cards = attachmentsOf(message).map(({ title, subTitle, attachmentLinkUrl }) =>
    [title, subTitle, attachmentLinkUrl].filter(Boolean).join('\n'),
  )
  const numbered = buttonTexts(message).map((label, at) => `  ${at + 1}. ${label}`)
  return [...texts.map((one) => speaker + one), ...cards, ...numbered]
    .map((line) => `${withoutControls(line)}\n`)
    .join('')
}

function attachmentsOf({ messages, card }: OutgoingMessage) {
  const inMessages = messages.flatMap((message) => message.card ?? [])
  return [...inMessages, ...(card?.attachments ?? [])]
}

function buttonTexts(message: OutgoingMessage): string[] {
  return attachmentsOf(message).flatMap(({ buttons = [] }) => buttons.map(({ text }) => text))
}

function buttonsOf(message: OutgoingMessage): string[] {
  return attachmentsOf(message).flatMap(({ buttons = [] }) => buttons.map(({ value }) => value))
}

/** What a bot repeats of a user's words must not move the cursor or set the title of the window. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are taken out
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

function print(output: Writable, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(words, (cause) => {
      if (cause) reject(new BotError('UNAVAILABLE', 'the terminal is gone', { cause }))
      else resolve()
    })
  })
}

async function settled(
  reply: Promise<void>,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, milliseconds)
  signal?.addEventListener('abort', () => over.resolve(), { once: true })
  await Promise.race([reply, over.promise])
  clearTimeout(timer)
}
