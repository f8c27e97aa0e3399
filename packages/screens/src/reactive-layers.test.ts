import { expect, test } from 'vitest'
import { cell, reaction } from './cell.ts'
import { Owner, runOwned } from './owner.ts'
import { flush, graphStats } from './reactive-graph.ts'
import type { Cell } from './stream.ts'

/**
 * Reactions that write: each cell of a layer is written by one reaction, from three cells of the layer above; one in a
 * hundred values makes it throw. While its first source is odd it owns an inner reaction. After each flush every cell
 * must be what evaluating the layers from the top gives, and as many reactions must live as that says.
 */
test('reactions that write, throw, and own others agree with evaluating layers in order, over 100,000 steps', () => {
  const random = mulberry(0xbeef)
  const below = (limit: number) => Math.floor(random() * limit)
  const before = graphStats.reactions
  let steps = 0
  while (steps < 100_000) {
    const errors: unknown[] = []
    const owner = new Owner(undefined)
    owner.handle = (error) => errors.push(error) > 0
    const layers: Cell<number>[][] = [Array.from({ length: 6 }, () => cell(below(50)))]
    const sources: number[][][] = [[]]
    let inner = 0
    for (let layer = 1; layer < 4; layer++) {
      const above = layers[layer - 1] as Cell<number>[]
      const reads = Array.from({ length: 6 }, () => [below(6), below(6), below(6)])
      sources.push(reads)
      const own = Array.from({ length: 6 }, () => cell(0))
      layers.push(own)
      for (const [at, target] of own.entries()) {
        runOwned(owner, () =>
          reaction(() => {
            const values = (reads[at] as number[]).map((source) => above[source]?.value ?? 0)
            const value = combine(values)
            if ((values[0] ?? 0) % 2 === 1) {
              inner++
              reaction(() => {
                above[(reads[at] as number[])[2] ?? 0]?.value
              })
              // Runs when the outer one runs again, or is closed.
              reaction(() => () => inner--)
            }
            target.set(value)
            if (throws(value)) throw value
          }),
        )
      }
    }
    for (let round = 0; round < 1000; round++, steps++) {
      for (let write = below(4); write >= 0; write--) layers[0]?.[below(6)]?.set(below(50))
      errors.length = 0
      flush()
      let outer = 0
      let odd = 0
      for (let layer = 1; layer < 4; layer++) {
        for (const [at, target] of (layers[layer] as Cell<number>[]).entries()) {
          const reads = sources[layer]?.[at] ?? []
          const values = reads.map((source) => layers[layer - 1]?.[source]?.peek() ?? 0)
          if (target.peek() !== combine(values)) throw new Error(`step ${steps}: ${layer}.${at}`)
          outer++
          if ((values[0] ?? 0) % 2 === 1) odd++
        }
      }
      if (inner !== odd) throw new Error(`step ${steps}: ${inner} inner reactions, not ${odd}`)
      const living = graphStats.reactions - before
      if (living !== outer + 2 * odd) throw new Error(`step ${steps}: ${living} reactions live`)
      if (!errors.every((error) => throws(Number(error)))) throw new Error(String(errors))
    }
    owner.dispose()
    expect(graphStats.reactions).toBe(before)
    expect(inner).toBe(0)
  }
})

function combine([a = 0, b = 0, c = 0]: readonly number[]): number {
  return (a * 31 + (a % 2 === 0 ? b : c) * 17 + 7) % 100
}

function throws(value: number): boolean {
  return value === 42
}

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
