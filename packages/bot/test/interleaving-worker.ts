/**
 * A process that serves the counting bot until it is ended. Lines on its input are messages, `<conversation> <text> <ids…>`, and
 * each is acknowledged by a line on its output once it is durable; `turn <user> <text>` is answered at once. Answers go to a far side over HTTP that keeps ids: where an
 * answer may have been sent before, it is looked up first.
 * Arguments: the database's kind and address, the far side's URL, a file to which calls of hooks are appended.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { openJournal } from '@typestead/journal'
import type { Adapter, OutgoingMessage, Receiver } from '../src/adapters/adapter.ts'
import { openBots } from '../src/service/open-bots.ts'
import type { BotService } from '../src/service/service-contract.ts'
import { anythingCounts, countingHooks, toFile } from './counting-bot.ts'
import { sourceOf } from './databases.ts'

export class FarSideAdapter implements Adapter {
  readonly name = 'far'
  readonly routes = {}
  readonly #url: string
  receiver: Receiver | undefined

  constructor(url: string) {
    this.#url = url
  }

  attach(receiver: Receiver): void {
    this.receiver = receiver
  }

  async deliver(message: OutgoingMessage, attempt: number, signal: AbortSignal): Promise<void> {
    const url = `${this.#url}/${encodeURIComponent(message.id)}`
    if (attempt > 0 && (await fetch(url, { signal })).status === 200) return
    const response = await fetch(url, {
      method: 'POST',
      signal,
      body: JSON.stringify({
        conversation: message.conversation,
        text: message.messages.map(({ content }) => content).join('|'),
      }),
    })
    if (!response.ok) throw new Error(`the far side answered ${response.status}`)
  }
}

export async function serve(
  kind: string,
  address: string,
  far: string,
  file: string,
  onError: (error: unknown) => void,
): Promise<{ readonly bots: BotService; readonly adapter: FarSideAdapter } & AsyncDisposable> {
  const journal = await openJournal(sourceOf(kind, address), {
    processTtl: 600,
    poll: 200,
    onError,
  })
  const bots = await openBots({
    journal,
    understander: anythingCounts,
    hooks: countingHooks(toFile(file)),
    onError,
    retry: { deliver: 1_000, turn: 1_000, first: 5, longest: 50 },
  })
  const adapter = new FarSideAdapter(far)
  bots.connect(adapter, { bot: 'Counter', alias: 'prod' })
  return {
    bots,
    adapter,
    async [Symbol.asyncDispose]() {
      await bots.close()
      await journal.close()
    },
  }
}

if (import.meta.main) {
  const [kind = '', address = '', far = '', file = ''] = process.argv.slice(2)
  const { adapter, bots } = await serve(kind, address, far, file, (error) =>
    writeSync(2, `${error instanceof Error ? error.stack : error}\n`),
  )
  writeSync(1, 'ready\n')
  for await (const line of createInterface(process.stdin)) {
    const [conversation = '', text = '', ...ids] = line.split(' ')
    if (conversation === 'turn') {
      bots.turn({ bot: 'Counter', alias: 'prod', user: text, text: ids.join(' ') }).then(
        ({ reply }) => writeSync(1, `answered ${reply?.said?.messages[0]?.content}\n`),
        (error: unknown) => writeSync(2, `${error}\n`),
      )
      continue
    }
    const message = {
      channel: 'far',
      conversation,
      user: conversation,
      text,
      ids,
      sentAt: 0,
      attributes: {},
    }
    adapter.receiver?.receive(message).then(
      (received) => writeSync(1, `${received} ${text}\n`),
      (error: unknown) => writeSync(2, `${error}\n`),
    )
  }
}
