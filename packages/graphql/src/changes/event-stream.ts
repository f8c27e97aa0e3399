/**
 * Answers over Server-Sent Events, in the "distinct connections" mode of graphql-sse
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). Each event of a subscription has its cursor as id, so
 * a client that connects again with Last-Event-ID loses and doubles nothing.
 */
import type { BodyAnswer } from '../answer.ts'
import type { Sink } from './subscribe.ts'

export const eventStreamType = 'text/event-stream'

/** Some proxies close a connection on which nothing is sent for a minute. */
const aliveMilliseconds = 15_000

/** Whether the caller wants a stream. */
export function wantsEventStream(accept: string | null): boolean {
  return accept !== null && /(^|[\s,])text\/event-stream([\s;,]|$)/i.test(accept)
}

/**
 * The response, or why there is none. A reader that lets more than `bufferBytes` wait is cut off: its connection ends
 * with an error, and it may come back with the last id that it saw.
 */
export async function eventStream(
  start: (sink: Sink) => Promise<(() => void) | BodyAnswer>,
  bufferBytes: number,
): Promise<Response | BodyAnswer> {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let stop: (() => void) | undefined
  let ended = false
  const early: Uint8Array[] = []
  let reading: (() => void)[] = []
  const wake = () => {
    const waiting = reading
    reading = []
    for (const resolve of waiting) resolve()
  }
  const end = () => {
    ended = true
    clearInterval(alive)
    stop?.()
    wake()
  }
  const isReady = () => ended || (controller?.desiredSize ?? 0) >= bufferBytes / 2
  const ready = async () => {
    while (!isReady()) await new Promise<void>((resolve) => reading.push(resolve))
  }
  const send = (text: string) => {
    if (ended) return
    const bytes = encoder.encode(text)
    if (!controller) {
      early.push(bytes)
      return
    }
    controller.enqueue(bytes)
    if ((controller.desiredSize ?? 0) >= 0) return
    end()
    controller.error(new Error(`the reader let more than ${bufferBytes} bytes wait`))
  }
  const alive = setInterval(() => send(':\n\n'), aliveMilliseconds)
  alive.unref()
  let complete = false
  const close = () => {
    if (ended) return
    send('event: complete\ndata:\n\n')
    complete = true
    end()
    controller?.close()
  }
  const started = await start({
    next: (text, id) =>
      send(`event: next\n${id === undefined ? '' : `id: ${id}\n`}data: ${text}\n\n`),
    complete: close,
    ready: () => (isReady() ? undefined : ready()),
  })
  if (typeof started !== 'function') {
    end()
    return started
  }
  stop = started
  if (ended) started()
  const body = new ReadableStream<Uint8Array>(
    {
      start(made) {
        controller = made
        // Some readers show a stream as open only when something has come.
        made.enqueue(encoder.encode(':\n\n'))
        for (const bytes of early) made.enqueue(bytes)
        if (complete) made.close()
      },
      // The reader has taken something.
      pull: wake,
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: bufferBytes }),
  )
  return new Response(body, {
    headers: {
      'content-type': `${eventStreamType}; charset=utf-8`,
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    },
  })
}
