/**
 * The hub as server-sent events: `GET /_typestead/events?topics=log,health`. A reader that comes back with
 * `Last-Event-ID` gets what it missed, as far as it is kept; one of another process's row is told by `reset` to begin
 * anew. A reader that is slower than the events is cut off, and may come back.
 */
import { HttpError } from '../server/error-response.ts'
import { type EventHub, type HubEvent, type Topic, topics } from './event-hub.ts'

/** Bytes that may wait for a slow reader. */
const waitingBytes = 2 * 1_048_576
const keepAliveMilliseconds = 15_000
const most = 32
/** Topics that cost the app something: only for who names them. */
const costly: ReadonlySet<Topic> = new Set(['channels', 'rows'])

export class EventStreams {
  readonly #hub: EventHub
  readonly #open = new Set<() => void>()
  #ended = false

  constructor(hub: EventHub) {
    this.#hub = hub
  }

  /** @throws {HttpError} 400 for an unknown topic, 503 when too many are open or the process stops */
  response(request: Request): Response {
    const { searchParams } = new URL(request.url)
    const wanted = readTopics(searchParams.get('topics'))
    if (this.#ended) throw new HttpError(503, 'STOPPING', 'the server stops; come back later')
    if (this.#open.size >= most) {
      throw new HttpError(503, 'BUSY', `${most} pages follow the events already; close some`)
    }
    const last = request.headers.get('last-event-id') ?? searchParams.get('after')
    const hub = this.#hub
    const encoder = new TextEncoder()
    let release = () => {}
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          const end = () => {
            release()
            controller.close()
          }
          const send = (text: string) => {
            if (!this.#open.has(end)) return
            if ((controller.desiredSize ?? 0) <= 0) end()
            else controller.enqueue(encoder.encode(text))
          }
          this.#open.add(end)
          const alive = setInterval(() => send(': alive\n\n'), keepAliveMilliseconds)
          alive.unref()
          let subscription: Disposable | undefined
          release = () => {
            clearInterval(alive)
            this.#open.delete(end)
            subscription?.[Symbol.dispose]()
          }
          send(`retry: 1000\n\n${opening(hub, last)}`)
          for (const event of hub.after(seqOf(hub.boot, last) ?? 0, wanted)) {
            send(frame(hub.boot, event))
          }
          // In the same turn, so nothing comes in between; a first reader may set things going at once.
          if (this.#open.has(end)) {
            subscription = hub.subscribe(wanted, (event) => send(frame(hub.boot, event)))
          }
        },
        cancel: () => release(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: waitingBytes }),
    )
    return new Response(body, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    })
  }

  /** Ends all streams, and takes no more. */
  end(): void {
    this.#ended = true
    for (const end of [...this.#open]) end()
  }
}

function readTopics(text: string | null): ReadonlySet<Topic> {
  if (text === null) return new Set(topics.filter((topic) => !costly.has(topic)))
  const named = text.split(',')
  const known = topics.filter((topic) => named.includes(topic))
  if (known.length === named.length) return new Set(known)
  throw new HttpError(400, 'BAD_INPUT', `topics are some of ${topics.join(',')}`)
}

/** Says which process this is; a reader that knew another one forgets what it has. */
function opening(hub: EventHub, last: string | null): string {
  const isOther = last !== null && seqOf(hub.boot, last) === undefined
  return `event: ${isOther ? 'reset' : 'hello'}\ndata: ${JSON.stringify({ boot: hub.boot })}\n\n`
}

function frame(boot: string, { seq, topic, data }: HubEvent): string {
  return `id: ${boot}.${seq}\nevent: ${topic}\ndata: ${JSON.stringify(data)}\n\n`
}

/** The number in an id of this process. */
function seqOf(boot: string, id: string | null): number | undefined {
  const [of, seq] = id?.split('.') ?? []
  return of === boot && seq !== undefined && /^\d{1,15}$/.test(seq) ? Number(seq) : undefined
}
