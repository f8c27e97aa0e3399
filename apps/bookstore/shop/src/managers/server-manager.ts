/**
 * The way to the shop's server: its API, whether it answers, and how often it came back. While it is away it is asked again, so that the page
 * recovers by itself.
 */
import { createClient } from '@typestead/graphql/client'
import { cell, Manager, reaction } from '@typestead/screens'
import type { AppStateManager } from '@typestead/screens/managers'
import type { ShopClient } from '../api/data-of.ts'

const firstPauseMs = 500
const longestPauseMs = 5000
const away = new Set([502, 503, 504])

export class ServerManager extends Manager {
  readonly #appState: AppStateManager
  readonly #reachable = cell(true)
  readonly #returns = cell(0)
  readonly #opened = cell(0)
  /** False from a request that got no answer until one that did. */
  readonly reachable = this.#reachable.readonly()
  /** Counts each time that it came back: what reads this is loaded again. */
  readonly returns = this.#returns.readonly()
  /** Counts the subscriptions that the server has begun to answer. */
  readonly opened = this.#opened.readonly()
  readonly client: ShopClient = createClient({
    url: '/api',
    fetch: (input, init) => this.fetch(input, init),
  })

  constructor(appState: AppStateManager) {
    super()
    this.#appState = appState
  }

  protected override onInit(): void {
    reaction(() => {
      const { online } = this.#appState
      if (this.#reachable.value) return
      // The browser knows of a network again: there is no need to wait for the next turn.
      online.value
      return this.#askUntilBack()
    })
  }

  /** As the browser's own; says whether the server answered. */
  async fetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
    const streams = new Headers(init.headers).get('accept') === 'text/event-stream'
    try {
      const response = await fetch(input, init)
      // Of streams only what fails counts, and not by itself: what is between may let no stream through.
      if (!streams) this.#heard(!away.has(response.status))
      else if (response.ok) this.#opened.update((count) => count + 1)
      return response
    } catch (error) {
      if (!init.signal?.aborted) {
        if (streams) void this.#check()
        else this.#heard(false)
      }
      throw error
    }
  }

  async #check(): Promise<void> {
    const answers = await isReady(this.signal)
    if (!this.signal.aborted) this.#heard(answers)
  }

  #heard(answers: boolean): void {
    if (answers && !this.#reachable.peek()) this.#returns.update((count) => count + 1)
    this.#reachable.set(answers)
  }

  #askUntilBack(): () => void {
    let pause = firstPauseMs
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = new AbortController()
    const ask = async () => {
      if (await isReady(stop.signal)) return this.#heard(true)
      if (stop.signal.aborted) return
      timer = setTimeout(ask, pause)
      pause = Math.min(pause * 2, longestPauseMs)
    }
    timer = setTimeout(ask, pause)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }
}

async function isReady(signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch('/readyz', { cache: 'no-store', signal })).ok
  } catch {
    return false // no answer, which is the answer
  }
}
