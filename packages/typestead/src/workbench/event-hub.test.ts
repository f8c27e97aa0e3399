import { describe, expect, it } from 'vitest'
import { EventHub, type HubEvent, type Topic } from './event-hub.ts'
import { EventStreams } from './event-stream.ts'

const set = (...topics: Topic[]) => new Set(topics)

describe('the event hub', () => {
  it('numbers all events in one row and gives those after a number, in order', () => {
    const hub = new EventHub('boot')
    hub.publish('log', 'a')
    hub.publish('trace', 'b')
    hub.publish('log', 'c')
    expect(hub.after(1, set('log', 'trace')).map(({ data }) => data)).toEqual(['b', 'c'])
    expect(hub.after(0, set('trace')).map(({ seq }) => seq)).toEqual([2])
  })

  it('keeps the last events of each topic, so that a busy one pushes no other out', () => {
    const hub = new EventHub('boot')
    hub.publish('health', 'first')
    for (let at = 0; at < 5000; at++) hub.publish('log', at)
    expect(hub.kept('log').map(({ data }) => data)).toEqual(
      Array.from({ length: 1000 }, (_, at) => at + 4000),
    )
    expect(hub.kept('health')).toHaveLength(1)
    expect(hub.kept('channels')).toEqual([])
  })

  it('tells readers of their topics, and watchers when readers come and go', () => {
    const hub = new EventHub('boot')
    const seen: HubEvent[] = []
    let changes = 0
    hub.onReaders(() => changes++)
    const reader = hub.subscribe(set('plan'), (event) => seen.push(event))
    expect(hub.isFollowed('plan')).toBe(true)
    hub.publish('plan', 1)
    hub.publish('log', 2)
    reader[Symbol.dispose]()
    reader[Symbol.dispose]()
    hub.publish('plan', 3)
    expect(seen.map(({ data }) => data)).toEqual([1])
    expect([hub.isFollowed('plan'), changes]).toEqual([false, 2])
  })
})

describe('event streams', () => {
  const ask = (query: string, headers: Record<string, string> = {}) =>
    new Request(`http://127.0.0.1/_typestead/events${query}`, { headers })

  /** What is there to read now; events of the hub are written at once. */
  async function readNow(response: Response): Promise<string> {
    const reader = response.body?.getReader()
    let text = ''
    for (;;) {
      const late = new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))
      const chunk = await Promise.race([reader?.read(), late])
      if (chunk === undefined || chunk.done) break
      text += new TextDecoder().decode(chunk.value)
    }
    await reader?.cancel()
    return text
  }

  it('begin with who speaks, then what is kept, then what comes', async () => {
    const hub = new EventHub('boot')
    const streams = new EventStreams(hub)
    hub.publish('log', { msg: 'before' })
    const response = streams.response(ask('?topics=log'))
    hub.publish('log', { msg: 'after' })
    hub.publish('trace', {})
    const text = await readNow(response)
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(text).toContain('event: hello\ndata: {"boot":"boot"}')
    expect(text).toContain('id: boot.1\nevent: log\ndata: {"msg":"before"}\n\n')
    expect(text).toContain('id: boot.2\nevent: log\ndata: {"msg":"after"}\n\n')
    expect(text).not.toContain('trace')
    expect(hub.isFollowed('log')).toBe(false)
  })

  it('go on after the last event that a reader has; of another process they begin anew', async () => {
    const hub = new EventHub('boot')
    const streams = new EventStreams(hub)
    for (const at of [1, 2, 3]) hub.publish('log', at)
    const resumed = await readNow(
      streams.response(ask('?topics=log', { 'last-event-id': 'boot.2' })),
    )
    expect(resumed).toContain('hello')
    expect(resumed.match(/^id: .*/gm)).toEqual(['id: boot.3'])
    const anew = await readNow(streams.response(ask('?topics=log&after=other.2')))
    expect(anew).toContain('event: reset')
    expect(anew.match(/^id: .*/gm)).toHaveLength(3)
  })

  it('refuse topics that are none, and too many readers', async () => {
    const streams = new EventStreams(new EventHub())
    expect(() => streams.response(ask('?topics=log,nothing'))).toThrow(/topics are some of/)
    expect(() => streams.response(ask('?topics='))).toThrow(/topics are some of/)
    const open = Array.from({ length: 32 }, () => streams.response(ask('')))
    expect(() => streams.response(ask(''))).toThrow(/close some/)
    await open[0]?.body?.cancel()
    await streams.response(ask('')).body?.cancel()
    streams.end()
    expect(() => streams.response(ask(''))).toThrow(/stops/)
  })

  it('cut off who does not read, and go on for the others', async () => {
    const hub = new EventHub('boot')
    const streams = new EventStreams(hub)
    const slow = streams.response(ask('?topics=log'))
    const large = 'x'.repeat(300_000)
    for (let at = 0; at < 10; at++) hub.publish('log', large)
    expect(hub.isFollowed('log')).toBe(false)
    const text = await slow.text()
    expect(text.length).toBeLessThan(3_000_000)
    hub.publish('log', 'after')
    expect(await readNow(streams.response(ask('?topics=log&after=boot.10')))).toContain('after')
  })

  it('end all at once', async () => {
    const hub = new EventHub()
    const streams = new EventStreams(hub)
    const response = streams.response(ask('?topics=plan'))
    streams.end()
    expect(await response.text()).toContain('hello')
    expect(hub.isFollowed('plan')).toBe(false)
  })
})
