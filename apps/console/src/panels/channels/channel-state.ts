/**
 * Goroutines and channels at a step of the trace, from the steps before it. Pure: a step makes a new state of an old
 * one. A trace begins in the middle of things, so what was buffered before it is only learned when it is taken.
 */

export interface Step {
  readonly seq: number
  /** Milliseconds since the process began. */
  readonly at: number
  readonly kind:
    | 'create'
    | 'run'
    | 'park'
    | 'ready'
    | 'hand-off'
    | 'buffer'
    | 'take'
    | 'close'
    | 'end'
  readonly g: number | null
  readonly by: number | null
  readonly reason: string
  readonly channel: string
  readonly value: string
}

export interface Goroutine {
  readonly id: number
  readonly name: string
  readonly state: 'runnable' | 'running' | 'waiting'
  readonly reason: string
  /** The channel it waits for. */
  readonly on: string
  /** Channels it was seen to send to, and to receive from. */
  readonly sends: readonly string[]
  readonly receives: readonly string[]
}

export interface ChannelState {
  readonly name: string
  readonly buffered: number
  /** Its capacity, or the most that was seen in its buffer where nobody told it. */
  readonly most: number
  readonly closed: boolean
  /** Values that went through it. */
  readonly moved: number
}

export interface World {
  readonly goroutines: ReadonlyMap<number, Goroutine>
  readonly channels: ReadonlyMap<string, ChannelState>
}

/** As the server tells them where a trace begins. */
export interface GoroutineView {
  readonly id: number
  readonly name: string
  readonly state: string
  readonly waitReason: string
  readonly waitingOn: string
}

/** What the server sees in a channel. */
export interface ChannelContent {
  readonly channel: string
  readonly capacity: number
  readonly buffered: number
  readonly closed: boolean
}

export const nothing: World = { goroutines: new Map(), channels: new Map() }

export function begin(
  views: readonly GoroutineView[],
  contents: readonly ChannelContent[] = [],
): World {
  return together(nothing, views, contents)
}

/** The state of every goroutine and channel as the server sees it now; what else is known of channels stays. */
export function together(
  world: World,
  views: readonly GoroutineView[],
  contents: readonly ChannelContent[] = [],
): World {
  const goroutines = new Map<number, Goroutine>()
  const channels = new Map(world.channels)
  for (const { id, name, state, waitReason, waitingOn } of views) {
    const known = world.goroutines.get(id)
    goroutines.set(id, {
      id,
      name,
      state: state === 'running' || state === 'runnable' ? state : 'waiting',
      reason: waitReason,
      on: waitingOn,
      sends: withName(known?.sends ?? [], waitReason === 'chan send' ? waitingOn : ''),
      receives: withName(known?.receives ?? [], waitReason === 'chan receive' ? waitingOn : ''),
    })
    if (waitingOn !== '' && !channels.has(waitingOn))
      channels.set(waitingOn, emptyChannel(waitingOn))
  }
  for (const { channel: name, capacity, buffered, closed } of contents) {
    const known = channels.get(name)
    // What nobody was seen to use is not drawn.
    if (known) channels.set(name, { ...known, buffered, closed, most: capacity })
  }
  return { goroutines, channels }
}

export function after(world: World, step: Step): World {
  const goroutines = new Map(world.goroutines)
  const channels = new Map(world.channels)
  const change = (id: number | null, part: Partial<Goroutine>) => {
    if (id === null) return
    const known = goroutines.get(id) ?? newGoroutine(id)
    goroutines.set(id, { ...known, ...part })
  }
  const link = (id: number | null, way: 'sends' | 'receives') => {
    if (id === null) return
    change(id, { [way]: withName(goroutines.get(id)?.[way] ?? [], step.channel) })
  }
  if (step.channel !== '' && !channels.has(step.channel)) {
    channels.set(step.channel, emptyChannel(step.channel))
  }
  const channel = channels.get(step.channel)
  switch (step.kind) {
    case 'create':
      change(step.g, { state: 'runnable', reason: '', on: '' })
      break
    case 'run':
      // One at a time runs: another has stopped without parking here.
      for (const other of goroutines.values()) {
        if (other.state === 'running' && other.id !== step.g) {
          change(other.id, { state: 'waiting', reason: 'IO wait', on: '' })
        }
      }
      change(step.g, { state: 'running', reason: '', on: '' })
      break
    case 'park':
      change(step.g, { state: 'waiting', reason: step.reason, on: step.channel })
      if (step.reason === 'chan send') link(step.g, 'sends')
      if (step.reason === 'chan receive') link(step.g, 'receives')
      break
    case 'ready':
      change(step.g, { state: 'runnable', reason: '', on: '' })
      break
    case 'end':
      if (step.g !== null) goroutines.delete(step.g)
      break
    case 'hand-off':
      link(step.g, isReceiver(step, goroutines) ? 'receives' : 'sends')
      if (channel) channels.set(step.channel, { ...channel, moved: channel.moved + 1 })
      break
    case 'buffer':
      link(step.g, 'sends')
      if (channel) {
        const buffered = channel.buffered + 1
        channels.set(step.channel, { ...channel, buffered, most: Math.max(channel.most, buffered) })
      }
      break
    case 'take':
      link(step.g, 'receives')
      if (channel) {
        const buffered = Math.max(0, channel.buffered - 1)
        const most = Math.max(channel.most, 1)
        channels.set(step.channel, { ...channel, buffered, most, moved: channel.moved + 1 })
      }
      break
    case 'close':
      if (channel) channels.set(step.channel, { ...channel, closed: true })
      break
  }
  return { goroutines, channels }
}

/** A hand-off meets one who waits: whoever meets a sender receives. */
function isReceiver(step: Step, goroutines: ReadonlyMap<number, Goroutine>): boolean {
  for (const { on, reason, id } of goroutines.values()) {
    if (on === step.channel && id !== step.g && reason === 'chan send') return true
  }
  return false
}

function newGoroutine(id: number): Goroutine {
  return { id, name: `func${id}`, state: 'runnable', reason: '', on: '', sends: [], receives: [] }
}

function emptyChannel(name: string): ChannelState {
  return { name, buffered: 0, most: 0, closed: false, moved: 0 }
}

function withName(names: readonly string[], name: string): readonly string[] {
  return name === '' || names.includes(name) ? names : [...names, name]
}
