import { afterEach, describe, expect, it } from 'vitest'
import {
  chanType,
  go,
  inspect,
  inspectScheduler,
  int,
  makeChan,
  nilChan,
  pick,
  recv,
  select,
  send,
  sleep,
  type TraceEvent,
  trace,
} from './core.ts'

let stop = (): void => {}
afterEach(() => stop())

describe('inspect', () => {
  it('prints types and addresses as Go does', () => {
    const channel = makeChan<number>(0, { elem: int })
    expect(String(nilChan<number>())).toBe('<nil>')
    expect(chanType(nilChan<number>(int))).toBe('chan int')
    expect(chanType(channel)).toBe('chan int')
    expect(String(channel)).toMatch(/^0xc[0-9a-f]{9}$/)
    expect(String(channel)).toBe(String(channel))
  })

  it('names the channel that readies a select, though the select waited on several', async () => {
    const events: TraceEvent[] = []
    stop = trace((event) => events.push(event))
    const a = makeChan<number>(0, { elem: int, name: 'a' })
    const b = makeChan<number>(0, { elem: int, name: 'b' })
    const c = makeChan<number>(0, { elem: int, name: 'c' })
    const d = makeChan<number>(0, { elem: int, name: 'd' })
    const chooser = go(async function chooser() {
      await select(recv(a), recv(b))
      await select(recv(a), recv(b))
    })
    const generator = go(function* generator() {
      yield* pick(recv(c), send(d, 3))
    })
    await sleep(0)
    await b.send(1)
    await sleep(0)
    a.close()
    await d.receive()
    const readied = events.filter(({ kind }) => kind === 'ready')
    expect(readied.map(({ g, channel }) => [g, channel])).toEqual([
      [chooser.id, 'b'],
      [chooser.id, 'a'],
      [generator.id, 'd'],
    ])
  })

  it('shows the article’s steps: buffer, full, parked sender, its value moved in by the receiver', async () => {
    const events: TraceEvent[] = []
    stop = trace((event) => events.push(event))
    const channel = makeChan<number>(2, { elem: int, name: 'c' })
    expect(inspect(channel)).toMatchObject({
      qcount: 0,
      dataqsiz: 2,
      elemsize: 8,
      elemtype: 'int',
      closed: 0,
      sendx: 0,
      recvx: 0,
      buf: [undefined, undefined],
    })
    const sender = go(async function g1() {
      for (let i = 1; i <= 3; i++) await channel.send(i * 10)
    })
    await sleep(0)
    const parked = inspect(channel)
    expect(parked).toMatchObject({ qcount: 2, sendx: 0, recvx: 0, buf: [10, 20] })
    expect(parked.sendq).toEqual([
      { g: `g${sender.id}`, isSelect: false, next: null, prev: null, elem: 30 },
    ])
    expect(sender.state).toBe('waiting')
    expect(sender.waitReason).toBe('chan send')
    expect(await channel.receive()).toBe(10)
    expect(inspect(channel)).toMatchObject({
      qcount: 2,
      sendx: 1,
      recvx: 1,
      buf: [30, 20],
      sendq: [],
    })
    await sleep(0)
    const steps = events.filter((event) => event.g === sender.id).map((event) => event.kind)
    expect(steps).toEqual([
      'create',
      'run',
      'buffer',
      'run',
      'buffer',
      'run',
      'park',
      'ready',
      'run',
      'end',
    ])
  })

  it('shows waiters of a select on every channel they wait on, linked in order', async () => {
    const a = makeChan<number>()
    const b = makeChan<number>()
    void a.receive()
    void select(recv(a), recv(b))
    expect(inspect(a).recvq).toMatchObject([
      { isSelect: false, next: 1, prev: null },
      { isSelect: true, next: null, prev: 0 },
    ])
    expect(inspect(b).recvq).toMatchObject([{ isSelect: true }])
  })
})

describe('inspectScheduler', () => {
  it('shows each goroutine as running, runnable or waiting, in both lanes', async () => {
    stop = trace(() => {})
    const channel = makeChan<number>()
    const waiting = go(async () => channel.receive())
    const generator = go(function* () {
      yield* channel.recv()
    })
    await sleep(0)
    const fresh = go(async () => {})
    const view = inspectScheduler()
    const states = Object.fromEntries(view.g.map(({ id, state }) => [id, state]))
    expect(states).toMatchObject({
      [waiting.id]: 'waiting',
      [generator.id]: 'waiting',
      [fresh.id]: 'runnable',
    })
    expect(view.p[0]?.runq).toContain(fresh.id)
    let inside: ReturnType<typeof inspectScheduler> | undefined
    const running = go(async () => {
      inside = inspectScheduler()
    })
    await sleep(0)
    expect(inside?.m).toEqual([{ id: 0, p: 0, g: running.id }])
    await channel.send(1)
    await channel.send(2)
  })
})
