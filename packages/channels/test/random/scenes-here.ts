/** A random scene run with this package; what it returns is what Go's function of `scenes-in-go.ts` returns. */
import {
  afterFunc,
  background,
  type Chan,
  type Context,
  cause,
  contextAfterFunc,
  go,
  len,
  ManualClock,
  Mutex,
  makeChan,
  newTicker,
  newTimer,
  nilChan,
  Once,
  otherwise,
  RWMutex,
  recv,
  select,
  send,
  setClock,
  sleep,
  type Timer,
  WaitGroup,
  withCancel,
  withCancelCause,
  withoutCancel,
  withTimeout,
  withValue,
} from '../../src/core.ts'
import { type PlacedStage, type Scene, step } from './random-scenes.ts'

export async function runScene(scene: Scene): Promise<string> {
  const clock = new ManualClock()
  setClock(clock)
  let text: string | undefined
  const ended = runOf(scene, clock).then((told) => {
    text = told
  })
  while (text === undefined) await Promise.race([ended, clock.advance(1000)])
  return text
}

function runOf(scene: Scene, clock: ManualClock): Promise<string> {
  switch (scene.is) {
    case 'pipeline':
      return pipeline(scene.values, scene.stages)
    case 'closing':
      return closing(scene)
    case 'locks':
      return locks(scene)
    case 'group':
      return group(scene)
    case 'tree':
      return tree(scene.depth, scene.width, scene.panics).then(String)
    case 'timers':
      return timers(scene, clock)
    case 'ticker':
      return ticker(scene, clock)
    case 'contexts':
      return contexts(scene, clock)
  }
}

async function panicOf(body: () => unknown): Promise<string> {
  try {
    await body()
    return 'fine'
  } catch (error) {
    return (error as Error).message
  }
}

class Log {
  private readonly lines: string[] = []
  private readonly clock: ManualClock
  constructor(clock: ManualClock) {
    this.clock = clock
  }
  add(text: string): void {
    this.lines.push(`${text}@${this.clock.now()}`)
  }
  toString(): string {
    return this.lines.join(' ')
  }
}

async function pipeline(values: number, stages: readonly PlacedStage[]): Promise<string> {
  const source = makeChan<number>()
  go(async () => {
    for (let i = 0; i < values; i++) await source.send(i)
    source.close()
  })
  let last: Chan<number> = source
  for (const stage of stages) {
    const from = last
    const to = makeChan<number>(stage.capacity)
    if (stage.kind === 'branches') branches(stage, from, to)
    else if (stage.generator) {
      go(function* () {
        const put = transform(stage)
        for (;;) {
          const { value, ok } = yield* from.recvOk()
          for (const made of put(value, ok)) yield* to.put(made)
          if (!ok) break
        }
        to.close()
      })
    } else {
      go(async () => {
        const put = transform(stage)
        for await (const value of from) for (const made of put(value, true)) await to.send(made)
        for (const made of put(undefined, false)) await to.send(made)
        to.close()
      })
    }
    last = to
  }
  const out: number[] = []
  for await (const value of last) out.push(value)
  return out.join(' ')
}

/** What a stage sends on for a value, and, once, when there are no more. */
function transform({ kind, k }: PlacedStage): (value: number | undefined, ok: boolean) => number[] {
  let seen = 0
  let held: number | undefined
  return (value, ok) => {
    if (!ok || value === undefined) return held === undefined ? [] : [-held]
    if (kind === 'add') return [value + k]
    if (kind === 'drop') return value % k === 0 ? [] : [value]
    if (kind === 'take') return seen++ < k * 3 ? [value] : []
    if (kind === 'twice') return [value, value * k]
    if (held === undefined) {
      held = value
      return []
    }
    const pair = held * k + value
    held = undefined
    return [pair]
  }
}

function branches({ k, capacity, generator }: PlacedStage, from: Chan<number>, to: Chan<number>) {
  const ins = Array.from({ length: k }, () => makeChan<number>())
  const outs = Array.from({ length: k }, () => makeChan<number>(capacity))
  const at = (of: Chan<number>[], i: number): Chan<number> => of[i % k] as Chan<number>
  for (let i = 0; i < k; i++) {
    go(async () => {
      for await (const value of at(ins, i)) await at(outs, i).send(value + i)
      at(outs, i).close()
    })
  }
  go(async () => {
    let i = 0
    for await (const value of from) await at(ins, i++).send(value)
    for (const one of ins) one.close()
  })
  go(
    generator
      ? function* () {
          for (let i = 0; ; i++) {
            const { value, ok } = yield* at(outs, i).recvOk()
            if (!ok) break
            yield* to.put(value)
          }
          to.close()
        }
      : async () => {
          for (let i = 0; ; i++) {
            const { value, ok } = await at(outs, i).receiveOk()
            if (!ok) break
            await to.send(value)
          }
          to.close()
        },
  )
}

async function closing(scene: Scene & { is: 'closing' }): Promise<string> {
  const { capacity, senders, receivers, closers, selects } = scene
  const c = makeChan<number>(capacity, { zero: 0 })
  const never = nilChan<number>()
  const counts = new Map<string, number>()
  const count = (text: string) => counts.set(text, (counts.get(text) ?? 0) + 1)
  const group = new WaitGroup()
  const sending = senders >= receivers
  for (let i = 0; i < (sending ? senders : receivers); i++) {
    group.go(async () => {
      let ok = true
      const text = await panicOf(async () => {
        if (sending) await (selects ? select(send(c, 1), send(never, 1)) : c.send(1))
        else ok = (await (selects ? select(recv(c), recv(never)) : c.receiveOk())).ok
      })
      count(ok ? text : `${text} closed`)
    })
  }
  await sleep(1)
  for (let i = 0; i < closers; i++) {
    group.go(async () => count(`${await panicOf(() => c.close())} close`))
  }
  await group.wait()
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[${sorted.map(([text, n]) => `${text}:${n}`).join(' ')}] ${len(c)}`
}

async function locks(scene: Scene & { is: 'locks' }): Promise<string> {
  const { goroutines, turns, readers } = scene
  const mutex = new Mutex()
  const rw = new RWMutex()
  const group = new WaitGroup()
  const other = makeChan<number>(1)
  let count = 0
  let seen = 0
  let wrong = 0
  for (let g = 0; g < goroutines; g++) {
    group.go(async () => {
      for (let i = 0; i < turns; i++) {
        await mutex.lock()
        const before = count
        await other.send(i)
        await other.receive()
        count = before + 1
        mutex.unlock()
        await rw.lock()
        const mine = ++seen
        await Promise.resolve()
        if (mine !== seen) wrong++
        rw.unlock()
      }
    })
  }
  for (let g = 0; g < readers; g++) {
    group.go(async () => {
      for (let i = 0; i < turns; i++) {
        await rw.rLock()
        const before = seen
        await Promise.resolve()
        if (before !== seen) wrong++
        rw.rUnlock()
      }
    })
  }
  await group.wait()
  return `${count} ${seen} ${wrong} ${mutex.tryLock()} ${mutex.tryLock()}`
}

async function group(scene: Scene & { is: 'group' }): Promise<string> {
  const out: string[] = []
  let waiting = new WaitGroup()
  let left = 0
  for (const delta of scene.deltas) {
    const text = await panicOf(() => waiting.add(delta))
    out.push(text)
    if (text === 'fine') left += delta
    else {
      waiting = new WaitGroup()
      left = 0
    }
  }
  for (; left > 0; left--) waiting.done()
  await waiting.wait()
  const once = new Once()
  let runs = 0
  let panics = 0
  for (let i = 0; i < scene.callers; i++) {
    waiting.go(async () => {
      const text = await panicOf(() =>
        once.do(() => {
          runs++
          if (scene.fails) throw new Error('once')
        }),
      )
      if (text !== 'fine') panics++
    })
  }
  await waiting.wait()
  return `${out.join(',')} ${runs} ${panics}`
}

/** Goroutines that start goroutines; a panic is recovered by the one that started it. */
async function tree(depth: number, width: number, panics: number): Promise<number> {
  if (depth === 0) return 1
  const results = makeChan<number>()
  let sum = 0
  try {
    for (let i = 0; i < width; i++) {
      go(async () => results.send(await tree(depth - 1, width, panics)))
    }
    for (let i = 0; i < width; i++) sum += await results.receive()
    if (sum % panics === 0) throw 1000 * depth
    return sum
  } catch (panic) {
    return sum + Number(panic)
  }
}

async function timers({ steps }: Scene & { is: 'timers' }, clock: ManualClock): Promise<string> {
  const log = new Log(clock)
  const made = new Map<number, Timer>()
  for (const { op, on, rounds } of steps) {
    const due = rounds * step + on + 1
    const timer = made.get(on)
    if (op === 'sleep') await sleep(step * (rounds + 1))
    else if (op === 'start') {
      if (timer !== undefined) continue
      if (on % 2 === 0)
        made.set(
          on,
          afterFunc(due, () => log.add(`fired${on}`)),
        )
      else {
        made.set(on, newTimer(due))
        log.add(`made${on}`)
      }
    } else if (timer !== undefined) {
      log.add(`${op}${on} ${op === 'stop' ? timer.stop() : timer.reset(due)}`)
      if (on % 2 === 1 && timer.c.tryReceive() !== undefined) log.add('stale')
    }
  }
  await sleep(1000)
  for (const [on, timer] of made) {
    if (on % 2 === 0) continue
    log.add(`${timer.c.tryReceive() === undefined ? 'nothing' : 'got'}${on}`)
  }
  return log.toString()
}

async function ticker(scene: Scene & { is: 'ticker' }, clock: ManualClock): Promise<string> {
  const log = new Log(clock)
  const ticks = newTicker(scene.period)
  await sleep(3)
  for (const rounds of scene.sleeps) {
    await sleep(rounds * 10)
    for (let more = true; more; ) {
      more = (await select(recv(ticks.c), otherwise)).index === 0
      log.add(more ? 'tick' : 'none')
    }
  }
  ticks.stop()
  return log.toString()
}

async function contexts(
  { nodes, cancels }: Scene & { is: 'contexts' },
  clock: ManualClock,
): Promise<string> {
  const log = new Log(clock)
  const all: Context[] = [background()]
  const ends: (() => void)[] = [() => {}]
  const after = nodes.map(() => false)
  const tell = (at: number): void => {
    for (const [i, one] of all.entries()) {
      const value = one.value('key') ?? '<nil>'
      log.add(`${at}.${i} ${textOf(one.err)} ${textOf(cause(one))} ${value}`)
    }
  }
  for (const [at, { kind, parent, rounds }] of nodes.entries()) {
    const from = all[parent % (at + 1)] as Context // there are at + 1
    const [context, end] = derive(from, kind, at, rounds)
    all.push(context)
    ends.push(end)
    contextAfterFunc(context, () => {
      after[at] = true
    })
  }
  for (const [at, on] of cancels.entries()) {
    ends[on % ends.length]?.()
    await Promise.resolve()
    tell(at)
    await sleep(step)
  }
  tell(99)
  for (const end of ends) end()
  await sleep(1000)
  return `${log} [${after.join(' ')}]`
}

function derive(
  from: Context,
  kind: (Scene & { is: 'contexts' })['nodes'][number]['kind'],
  at: number,
  rounds: number,
): [Context, () => void] {
  if (kind === 'cancel') return withCancel(from)
  if (kind === 'timeout') return withTimeout(from, rounds * step + at + 1)
  if (kind === 'value') return [withValue(from, 'key', at), () => {}]
  if (kind === 'without') return [withoutCancel(from), () => {}]
  const [context, cancel] = withCancelCause(from)
  return [context, () => cancel(new Error(`cause${at}`))]
}

function textOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : '<nil>'
}
