/**
 * People who write to the counting bot while its processes are killed, each on one messenger, one message after the other: the next
 * one is sent when the one before was acknowledged. What was not acknowledged is sent again, as the messengers do; one message in ten
 * is told twice though it was, at once or later, under another id of its own where the messenger gives one.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ChatPage, type Shown } from '../fakes/chat-page.ts'
import { type FakeMessenger, messagingEvent, signedMessenger } from '../fakes/messenger.ts'
import { type FakeSlack, signedSlack, slackEvent } from '../fakes/slack.ts'
import { type FakeTwilio, signedTwilio } from '../fakes/twilio.ts'
import { kinds } from './bot.ts'

/** Where the processes are that serve now. */
export type Urls = readonly (string | undefined)[]

export interface Person {
  /** Words in the order in which they were acknowledged. */
  readonly said: readonly string[]
  /** Sends one more and resolves once it is acknowledged. */
  say(word: string): Promise<void>
  /** The far side tells a message again. */
  again(word: string): Promise<void>
  /** What the bot answered, in order, as this person sees it. */
  replies(): readonly string[]
}

/** Says words until it is told to stop; `pause` is the most between two, in milliseconds. */
export async function talk(
  person: Person,
  { name, pause, isOver }: { readonly name: string; readonly pause: number; isOver(): boolean },
): Promise<{ readonly repeats: number }> {
  let repeats = 0
  const later: Promise<void>[] = []
  for (let n = 0; !isOver(); n++) {
    const word = `${kinds[n % kinds.length]}-${name}-${n}`
    const chance = Math.random()
    const said = person.say(word)
    if (chance < 0.05) later.push(person.again(word))
    await said
    if (chance > 0.95) later.push(sleep(Math.random() * 500).then(() => person.again(word)))
    if (chance < 0.05 || chance > 0.95) repeats++
    await sleep(Math.random() * pause)
  }
  await Promise.all(later)
  return { repeats }
}

/** Asks one process after the other until one says that it is done. */
async function insist(urls: Urls, send: (url: string) => Request): Promise<Response> {
  for (let tries = Math.round(Math.random()); ; tries++) {
    const url = urls[tries % urls.length]
    const answer = url === undefined ? null : await fetch(send(url)).catch(() => null)
    if (answer?.status === 200) return answer
    await answer?.body?.cancel()
    await sleep(10)
  }
}

let numbers = 0

export function onSlack(urls: Urls, far: FakeSlack, n: number): Person {
  const channel = `D${n}`
  const times = new Map<string, string>()
  const send = (word: string, retry?: number) =>
    insist(urls, (url) => {
      const ts = times.get(word) ?? ''
      const user = `U${n}`
      const eventId = `Ev${retry ?? 0}.${ts}`
      const body = slackEvent({ text: word, ts, channel, user, eventId })
      const headers: Record<string, string> =
        retry === undefined ? {} : { 'x-slack-retry-num': '1' }
      return signedSlack(`${url}/slack/receive`, 's', body, { headers })
    })
  return person({
    async say(word) {
      times.set(word, `1700000000.${String(++numbers).padStart(6, '0')}`)
      await send(word)
    },
    again: (word) => send(word, ++numbers),
    replies: () => far.posted.filter((one) => one.channel === channel).map(({ text }) => text),
  })
}

export function onSms(urls: Urls, far: FakeTwilio, n: number): Person {
  const from = `+1555000${1_000 + n}`
  const send = (word: string) =>
    insist(urls, (url) =>
      signedTwilio(`${url}/sms/inbound`, 'a', { text: word, sid: `SM${word}`, from }),
    )
  return person({
    say: send,
    again: send,
    replies: () => far.messages.filter(({ to }) => to === from).map(({ body }) => body),
  })
}

export function onMessenger(urls: Urls, far: FakeMessenger, n: number): Person {
  const user = `${7_000 + n}`
  const send = (word: string) =>
    insist(urls, (url) => {
      const event = messagingEvent({ message: { mid: `m_${word}`, text: word } }, { user })
      return signedMessenger(`${url}/messenger/webhook`, 'a', [event])
    })
  return person({
    say: send,
    again: send,
    replies: () => far.sent.filter(({ to }) => to === user).map(({ message }) => `${message.text}`),
  })
}

/** A client of Lex: the answer comes with the request, and a repeat of the request is answered the same. */
export function onLex(urls: Urls, n: number): Person & { readonly disagreements: string[] } {
  const user = `reader-${n}`
  const answers = new Map<string, string>()
  const disagreements: string[] = []
  const send = async (word: string) => {
    const path = `/lex/bots/Counter/botAliases/prod/botLocales/en_US/sessions/${user}/text`
    const response = await insist(
      urls,
      (url) =>
        new Request(`${url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'amz-sdk-invocation-id': `id-${word}` },
          body: JSON.stringify({ text: word }),
        }),
    )
    const { messages } = await response.json()
    const answer = String(messages[0].content)
    const known = answers.get(word)
    if (known !== undefined && known !== answer) disagreements.push(`${known} and ${answer}`)
    answers.set(word, answer)
  }
  return {
    disagreements,
    ...person({ say: send, again: send, replies: () => [...answers.values()] }),
  }
}

/** A page of the web chat: it connects again when it is cut off, says again what it does not know to be kept, takes up where it was. */
export class ChatVisitor implements Person {
  readonly said: string[] = []
  /** All that pages of this visitor were shown, in order. */
  readonly shown: Shown[] = []
  readonly #urls: Urls
  #page: ChatPage | undefined
  #seen = 0
  #cookie = ''
  #epoch = ''
  #opening: Promise<ChatPage | undefined> | undefined

  constructor(urls: Urls) {
    this.#urls = urls
  }

  async say(word: string): Promise<void> {
    await this.again(word)
    this.said.push(word)
  }

  async again(word: string): Promise<void> {
    const id = `chat-${word}`
    for (;;) {
      const page = await this.open()
      const from = page.frames.length
      page.send({ type: 'say', id, text: word })
      const answered = () =>
        page.frames.slice(from).find((frame) => frame.id === id && frame.type !== 'message')
      await page.until(() => page.closed !== undefined || answered() !== undefined)
      if (answered()?.type === 'kept') return
      await sleep(10)
    }
  }

  /** A page that is open. */
  async open(): Promise<ChatPage> {
    for (;;) {
      if (this.#page !== undefined && this.#page.closed === undefined) return this.#page
      this.#opening ??= this.#connect().finally(() => {
        this.#opening = undefined
      })
      await this.#opening
    }
  }

  replies(): readonly string[] {
    this.#look()
    return this.shown.filter(({ from }) => from === 'bot').map(({ texts }) => texts.join('|'))
  }

  close(): void {
    this.#page?.socket.terminate()
  }

  async #connect(): Promise<undefined> {
    this.#look()
    const url = this.#urls[Math.round(Math.random())]
    const hello = { after: this.shown.at(-1)?.seq ?? 0, epoch: this.#epoch }
    const headers = this.#cookie === '' ? {} : { cookie: this.#cookie }
    const page =
      url === undefined ? null : await ChatPage.open(url, { headers, hello }).catch(() => null)
    if (page === null || page.closed !== undefined) {
      await sleep(10)
      return
    }
    // Nothing was shown on a page that was cut off before it was welcome.
    this.#page = page
    this.#seen = 0
    this.#epoch = String(page.frames.find(({ type }) => type === 'welcome')?.epoch)
    if (this.#cookie === '') {
      this.#cookie = page.cookie.split(';')[0] ?? ''
    }
  }

  #look(): void {
    const page = this.#page
    if (page === undefined) return
    this.shown.push(...page.shown.slice(this.#seen))
    this.#seen = page.shown.length
  }
}

interface Does {
  say(word: string): Promise<unknown>
  again(word: string): Promise<unknown>
  replies(): readonly string[]
}

function person(does: Does): Person {
  const said: string[] = []
  return {
    said,
    async say(word) {
      await does.say(word)
      said.push(word)
    },
    async again(word) {
      await does.again(word)
    },
    replies: () => does.replies(),
  }
}
