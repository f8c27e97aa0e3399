/**
 * The claimed tasks that somebody in this process knows of. A claim whose answer was lost on its way (a connection that broke
 * after the commit) is owned by this process and known to nobody: it is given back once it was seen so for a while.
 */
import type { Storage } from '../storage.ts'
import type { TaskStore } from './task-store.ts'

export class InHand {
  readonly #seqs = new Set<number>()
  /** Owned and unknown, with how many looks have found it so. */
  #strays = new Map<number, number>()

  add(seq: number): void {
    this.#seqs.add(seq)
  }

  delete(seq: number): void {
    this.#seqs.delete(seq)
  }

  /** To be called now and then; what `looks` calls in a row found astray goes back into its queue. */
  async giveBackStrays(
    storage: Storage,
    tasks: TaskStore,
    owner: string,
    looks: number,
  ): Promise<void> {
    const owned = await storage.read({
      text: `select seq from ${storage.dialect.table('task')} where owner = $1`,
      values: [owner],
    })
    const strays = new Map<number, number>()
    for (const [cell] of owned) {
      const seq = Number(cell)
      if (!this.#seqs.has(seq)) strays.set(seq, (this.#strays.get(seq) ?? 0) + 1)
    }
    this.#strays = strays
    const lost = [...strays].filter(([, seen]) => seen >= looks).map(([seq]) => seq)
    if (lost.length > 0) await tasks.release(owner, lost)
  }
}
