/** A thousand prices, one cell each; the worker that makes them lives as long as this manager. */
import { type Cell, cell, fromChannel, Manager, type Readable } from '@typestead/screens'
import { symbolCount, type Tick } from './tick.ts'
import type { FromPage } from './worker-channel.ts'
import { receiveFrom } from './worker-channel.ts'

export class TickerManager extends Manager {
  readonly #prices: readonly Cell<number>[] = Array.from({ length: symbolCount }, () =>
    cell(10_000),
  )
  readonly #received = cell(0)
  readonly #perSecond = cell(1000)
  #worker: Worker | undefined
  readonly prices: readonly Readable<number>[] = this.#prices.map((price) => price.readonly())
  /** Ticks so far. */
  readonly received = this.#received.readonly()
  readonly perSecond = this.#perSecond.readonly()

  protected override onInit(): void {
    const worker = new Worker(new URL('./ticker-worker.ts', import.meta.url), { type: 'module' })
    this.#worker = worker
    this.own(() => worker.terminate())
    const ticks = receiveFrom<Tick>(worker, { symbol: 0, price: 0 })
    this.own(
      fromChannel(ticks).subscribe(({ symbol, price }) => {
        this.#prices[symbol]?.set(price)
        this.#received.update((count) => count + 1)
      }),
    )
    this.setRate(this.#perSecond.peek())
  }

  setRate(perSecond: number): void {
    this.#perSecond.set(perSecond)
    this.#worker?.postMessage({ kind: 'rate', perSecond } satisfies FromPage)
  }
}
