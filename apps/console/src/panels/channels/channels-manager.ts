/**
 * The trace of the process, followed only while this page is open, since it costs the process something. The last steps
 * are kept; `at` is the step that is shown, undefined for the newest.
 */
import {
  batch,
  type Cell,
  cell,
  computed,
  PageController,
  type Readable,
  type Resource,
  resource,
} from '@typestead/screens'
import type { LiveManager } from '../../server/live-manager.ts'
import type { ServerManager } from '../../server/server-manager.ts'
import {
  after,
  begin,
  type ChannelContent,
  type GoroutineView,
  nothing,
  type Step,
  together,
  type World,
} from './channel-state.ts'

export type Watched =
  | { readonly status: 'missing' }
  | {
      readonly status: 'watched'
      readonly goroutines: readonly GoroutineView[]
      readonly contents: readonly ChannelContent[]
      readonly steps: readonly Step[]
    }

interface Told {
  readonly steps: readonly Step[]
  readonly dropped: number
  readonly goroutines: readonly GoroutineView[]
  readonly contents: readonly ChannelContent[]
}

const keptSteps = 3000
/** Batches that wait while one looks back: some minutes. */
const mostWaiting = 1000

export class ChannelsManager extends PageController {
  readonly watched: Resource<Watched>
  readonly at: Cell<number | undefined> = cell<number | undefined>(undefined)
  readonly #steps = cell<readonly Step[]>([])
  readonly #now = cell<World>(nothing)
  readonly #missed = cell(0)
  readonly #waiting: Told[] = []
  /** Before the first step that is kept. */
  #before: World = nothing
  readonly steps = this.#steps.readonly()
  /** Steps that came too fast to be told. */
  readonly missed = this.#missed.readonly()
  /** What is shown: the newest, or as it was at a step. */
  readonly world: Readable<World> = computed(() => {
    const at = this.at.value
    if (at === undefined) return this.#now.value
    let world = this.#before
    for (const step of this.#steps.value) {
      if (step.seq > at) break
      world = after(world, step)
    }
    return world
  })
  /** The step that led to what is shown. */
  readonly shown: Readable<Step | undefined> = computed(() => {
    const at = this.at.value
    return at === undefined
      ? this.#steps.value.at(-1)
      : this.#steps.value.find(({ seq }) => seq === at)
  })

  constructor(server: ServerManager, live: LiveManager) {
    super()
    this.watched = resource(async (signal) => {
      live.opened.value
      const watched = await server.ask<Watched>('/channels', { signal })
      if (watched.status === 'watched') this.#begin(watched)
      return watched
    })
  }

  protected override onInit(): void {
    const source = new EventSource('/_typestead/events?topics=channels')
    this.own(() => source.close())
    source.addEventListener('channels', ({ data }) => this.#receive(JSON.parse(data) as Told)) // sent so
  }

  /** Back to the newest. */
  readonly live = (): void => {
    batch(() => {
      this.at.set(undefined)
      for (const told of this.#waiting.splice(0)) this.#apply(told)
    })
  }

  #begin({ goroutines, contents, steps }: Extract<Watched, { readonly status: 'watched' }>): void {
    this.#before = begin(goroutines)
    this.#waiting.length = 0
    batch(() => {
      this.#steps.set(steps)
      this.#now.set(together(steps.reduce(after, this.#before), goroutines, contents))
      this.at.set(undefined)
    })
  }

  /** While one looks back, what is looked at stands still. */
  #receive(told: Told): void {
    if (this.at.peek() === undefined) {
      this.#apply(told)
      return
    }
    this.#waiting.push(told)
    // What is left out shows as missed; the goroutines are told with each batch.
    if (this.#waiting.length > mostWaiting) {
      const left = this.#waiting.shift()
      this.#missed.update((count) => count + (left?.steps.length ?? 0))
    }
  }

  #apply({ steps, dropped, goroutines, contents }: Told): void {
    batch(() => {
      // Those that were here when this page began may come again.
      const last = this.#steps.peek().at(-1)?.seq ?? 0
      const come = steps.filter(({ seq }) => seq > last)
      const all = [...this.#steps.peek(), ...come]
      for (const step of all.slice(0, Math.max(0, all.length - keptSteps))) {
        this.#before = after(this.#before, step)
      }
      this.#before = named(this.#before, goroutines)
      this.#now.set(together(come.reduce(after, this.#now.peek()), goroutines, contents))
      this.#steps.set(all.slice(-keptSteps))
      this.#missed.update((count) => count + dropped)
    })
  }
}

/** Steps do not tell names; the server's view does. */
function named(world: World, views: readonly GoroutineView[]): World {
  const names = new Map(views.map(({ id, name }) => [id, name]))
  const goroutines = new Map(
    [...world.goroutines].map(([id, one]) => [id, { ...one, name: names.get(id) ?? one.name }]),
  )
  return { ...world, goroutines }
}
