import { describe, expect, test } from 'vitest'
import { cell, computed, reaction } from './cell.ts'
import { Owner, onDispose, runOwned } from './owner.ts'
import { batch, flush, graphStats, untracked } from './reactive-graph.ts'
import { selector } from './selector.ts'

/** An owner that keeps the errors of what it owns. */
class Collector extends Owner {
  readonly errors: unknown[] = []
  override handle(error: unknown): boolean {
    this.errors.push(error)
    return true
  }
}

function collected<T>(work: (collector: Collector) => T): T {
  const collector = new Collector(undefined)
  try {
    return runOwned(collector, () => work(collector))
  } finally {
    collector.dispose()
  }
}

describe('cells and reactions', () => {
  test('a diamond runs its reaction once per flush, without a mixture', () => {
    const a = cell(1)
    const b = computed(() => a.value + 1)
    const c = computed(() => a.value * 2)
    const seen: string[] = []
    const stop = reaction(() => void seen.push(`${b.value} ${c.value}`))
    a.set(2)
    a.set(3)
    flush()
    expect(seen).toEqual(['2 2', '4 6'])
    stop.unsubscribe()
  })

  test('an equal value, and one that is taken back before the flush, run nothing', () => {
    const a = cell(1)
    let runs = 0
    const stop = reaction(() => {
      a.value
      runs++
    })
    a.set(1)
    a.set(2)
    a.set(1)
    flush()
    expect(runs).toBe(1)
    stop.unsubscribe()
  })

  test('a computed value that stays equal stops the change', () => {
    const a = cell(1)
    const odd = computed(() => a.value % 2 === 1)
    let runs = 0
    const stop = reaction(() => {
      odd.value
      runs++
    })
    a.set(3)
    flush()
    expect(runs).toBe(1)
    a.set(4)
    flush()
    expect(runs).toBe(2)
    stop.unsubscribe()
  })

  test('the flush comes by itself at the end of the turn, and at once after batch', async () => {
    const a = cell(0)
    const seen: number[] = []
    const stop = reaction(() => void seen.push(a.value))
    a.set(1)
    a.set(2)
    expect(seen).toEqual([0])
    await Promise.resolve()
    expect(seen).toEqual([0, 2])
    batch(() => {
      a.set(3)
      a.set(4)
    })
    expect(seen).toEqual([0, 2, 4])
    stop.unsubscribe()
  })

  test('reads before the flush see what was written', () => {
    const a = cell(1)
    const twice = computed(() => a.value * 2)
    a.set(5)
    expect(a.value).toBe(5)
    expect(twice.value).toBe(10)
  })

  test('a reaction that no longer reads a cell does not run for it', () => {
    const useA = cell(true)
    const a = cell(0)
    let runs = 0
    const stop = reaction(() => {
      if (useA.value) a.value
      runs++
    })
    useA.set(false)
    flush()
    a.set(1)
    flush()
    expect(runs).toBe(2)
    stop.unsubscribe()
  })

  test('untracked reads and peek do not depend', () => {
    const a = cell(0)
    let runs = 0
    const stop = reaction(() => {
      untracked(() => a.value)
      a.peek()
      runs++
    })
    a.set(1)
    flush()
    expect(runs).toBe(1)
    stop.unsubscribe()
  })

  test('a reaction that writes what it read runs again in the same flush', () => {
    const a = cell(0)
    const stop = reaction(() => {
      if (a.value < 5) a.set(a.value + 1)
    })
    flush()
    expect(a.peek()).toBe(5)
    stop.unsubscribe()
  })

  test('a computed value that nobody watches is linked to nothing, and is computed once for a state', () => {
    const a = cell(1)
    let computations = 0
    const twice = computed(() => {
      computations++
      return a.value * 2
    })
    expect([twice.value, twice.value, twice.peek()]).toEqual([2, 2, 2])
    expect(computations).toBe(1)
    expect(Reflect.get(a, 'subs')).toBeUndefined()
    a.set(2)
    expect(twice.value).toBe(4)
  })

  test('a thousand computed values in a row follow the first', () => {
    const first = cell(0)
    let last: { readonly value: number } = first
    for (let at = 0; at < 1000; at++) {
      const before = last
      last = computed(() => before.value + 1)
    }
    const seen: number[] = []
    const stop = reaction(() => void seen.push(last.value))
    first.set(1)
    flush()
    expect(seen).toEqual([1000, 1001])
    stop.unsubscribe()
  })

  test('a read-only view follows and can not be written', () => {
    const a = cell(1)
    const view = a.readonly()
    a.set(2)
    expect(view.value).toBe(2)
    expect('set' in view).toBe(false)
    expect(() => Reflect.set(view, 'value', 3, view)).not.toThrow()
    expect(view.value).toBe(2)
  })
})

describe('errors', () => {
  test('a reaction that throws is reported to its owner, and its siblings run', () =>
    collected((collector) => {
      const a = cell(0)
      const seen: number[] = []
      reaction(() => void seen.push(a.value))
      reaction(() => {
        if (a.value === 1) throw new Error('one')
      })
      reaction(() => void seen.push(a.value * 10))
      a.set(1)
      flush()
      a.set(2)
      flush()
      expect(collector.errors).toEqual([new Error('one')])
      expect(seen).toEqual([0, 0, 1, 10, 2, 20])
    }))

  test('what a computed value throws reaches its readers, until it is computed again', () =>
    collected((collector) => {
      const a = cell(0)
      const inverse = computed(() => {
        if (a.value === 0) throw new Error('no inverse')
        return 1 / a.value
      })
      const seen: number[] = []
      reaction(() => void seen.push(inverse.value))
      expect(() => inverse.peek()).toThrow('no inverse')
      a.set(2)
      flush()
      expect(seen).toEqual([0.5])
      expect(collector.errors).toHaveLength(1)
    }))

  test('a write inside a computed value is an error', () => {
    const a = cell(0)
    const wrong = computed(() => {
      a.set(1)
      return 1
    })
    expect(() => wrong.value).toThrow(expect.objectContaining({ code: 'WRITE_IN_COMPUTED' }))
    expect(a.peek()).toBe(0)
  })

  test('a circle of computed values is an error', () => {
    const a: { readonly value: number } = computed(() => b.value + 1)
    const b: { readonly value: number } = computed(() => a.value + 1)
    expect(() => a.value).toThrow(expect.objectContaining({ code: 'COMPUTED_CYCLE' }))
  })

  test('a hundred runs in one flush are an error, others still run, and the reaction lives on', () =>
    collected((collector) => {
      const a = cell(0)
      const on = cell(true)
      const other: number[] = []
      let runs = 0
      reaction(() => {
        runs++
        if (on.value) a.set(a.value + 1)
      })
      reaction(() => void other.push(a.value))
      flush()
      expect(collector.errors).toEqual([expect.objectContaining({ code: 'REACTION_LOOP' })])
      expect(other.at(-1)).toBe(a.peek())
      const before = runs
      on.set(false)
      flush()
      expect(runs).toBe(before + 1)
    }))
})

describe('ownership', () => {
  test('what a run created is closed before the next, newest first', () => {
    const a = cell(0)
    const closed: string[] = []
    const stop = reaction(() => {
      const run = a.value
      onDispose(() => closed.push(`${run} first`))
      onDispose(() => closed.push(`${run} second`))
      reaction(() => void a.value)
      return () => closed.push(`${run} returned`)
    })
    a.set(1)
    flush()
    expect(closed).toEqual(['0 returned', '0 second', '0 first'])
    stop.unsubscribe()
    expect(closed).toHaveLength(6)
  })

  test('outer reactions run first, so an inner one never sees what its outer one excludes', () =>
    collected((collector) => {
      const user = cell<{ name: string } | undefined>({ name: 'Ada' })
      const names: (string | undefined)[] = []
      const name = computed(() => user.value?.name)
      reaction(() => {
        if (name.value === undefined) return
        reaction(() => {
          const current = user.value
          if (current === undefined) throw new Error('an inner reaction outlived its outer one')
          names.push(current.name)
        })
      })
      user.set(undefined)
      flush()
      expect(collector.errors).toEqual([])
      expect(names).toEqual(['Ada'])
    }))

  test('a clean-up that throws is reported, and the others run', () => {
    const errors = collected((collector) => {
      const done: string[] = []
      const inner = runOwned(collector, () => new Owner())
      onDispose(() => done.push('older'), inner)
      onDispose(() => {
        throw new Error('clean-up')
      }, inner)
      inner.dispose()
      expect(done).toEqual(['older'])
      return collector.errors
    })
    expect(errors).toEqual([new Error('clean-up')])
  })

  test('nothing lives after its owner', () => {
    const before = graphStats.reactions
    const a = cell(0)
    collected(() => {
      for (let i = 0; i < 100; i++) reaction(() => void computed(() => a.value + i).value)
    })
    expect(graphStats.reactions).toBe(before)
    expect(Reflect.get(a, 'subs')).toBeUndefined()
  })
})

describe('selector', () => {
  test('runs the rows that lose and get the selection, and keeps no key after its readers', () =>
    collected((collector) => {
      const selected = cell(0)
      const isSelected = selector(selected)
      const runs: string[] = []
      const rows = runOwned(collector, () => new Owner())
      runOwned(rows, () => {
        for (let id = 0; id < 1000; id++) {
          reaction(() => void runs.push(`${id} ${isSelected(id)}`))
        }
      })
      runs.length = 0
      selected.set(7)
      flush()
      expect(runs.sort()).toEqual(['0 false', '7 true'])
      rows.dispose()
      expect(Reflect.get(selected, 'subs')).toBeUndefined()
      expect(isSelected(7)).toBe(true)
    }))
})

describe('against a naive model', () => {
  test('random graphs with throws in 1 % of the reactions agree over 100,000 steps', () => {
    const random = mulberry(0x5eed)
    let steps = 0
    while (steps < 100_000) {
      steps += collected((collector) => randomGraph(random, collector, 500))
    }
  })
})

/**
 * Ten cells, ten computed values over them (each reads up to three before it, which ones depends on a value), ten
 * reactions. In each step some cells are written; then each reaction must have run exactly when something it read
 * has changed, and have seen what a naive evaluation gives.
 */
function randomGraph(random: () => number, collector: Collector, steps: number): number {
  const below = (limit: number) => Math.floor(random() * limit)
  const cells = Array.from({ length: 10 }, () => cell(below(10)))
  const plans = Array.from({ length: 20 }, (_, at) => ({
    reads: Array.from({ length: 3 }, () => below(10 + Math.min(at, 10))),
    modulus: 2 + below(5),
    throwsAt: random() < 0.3 ? below(7) : -1,
  }))
  type Node = { readonly value: number }
  const nodes: Node[] = [...cells]
  const evaluate = (at: number, read: (node: number) => number): number => {
    const plan = plans[at] as (typeof plans)[number]
    const [first = 0, second = 0, third = 0] = plan.reads
    const start = read(first)
    const sum = start + (start % 2 === 0 ? read(second) : read(third))
    if (at < 10 && sum % 7 === plan.throwsAt) throw `computed ${at}`
    return sum % (plan.modulus * 3)
  }
  for (let at = 0; at < 10; at++) {
    nodes.push(computed(() => evaluate(at, (node) => (nodes[node] as Node).value)))
  }
  const outcomes = new Map<number, unknown>()
  const runs = new Array(10).fill(0)
  let throwing = -1
  for (let at = 10; at < 20; at++) {
    reaction(() => {
      runs[at - 10]++
      outcomes.set(at, 'threw')
      const value = evaluate(at, (node) => (nodes[node] as Node).value)
      if (throwing === at) throw 'a random throw'
      outcomes.set(at, value)
    })
  }
  // The naive model: everything evaluated anew; a reaction runs when a value that it read last time is another now.
  const naive = (node: number): { value?: number; thrown?: string } => {
    if (node < 10) return { value: cells[node]?.peek() ?? Number.NaN }
    try {
      return { value: evaluate(node - 10, readNaive) }
    } catch (thrown) {
      return { thrown: String(thrown) }
    }
  }
  const readNaive = (node: number): number => {
    const { value, thrown } = naive(node)
    if (thrown !== undefined) throw thrown
    return value as number
  }
  const readsOf = (at: number) => {
    const read = new Map<number, string>()
    let outcome: unknown = 'threw'
    try {
      outcome = evaluate(at, (node) => {
        read.set(node, JSON.stringify(naive(node)))
        return readNaive(node)
      })
    } catch {}
    return { read, outcome }
  }
  let before = plans.map((_, at) => (at < 10 ? undefined : readsOf(at)))
  for (let step = 0; step < steps; step++) {
    collector.errors.length = 0
    throwing = random() < 0.1 ? 10 + below(10) : -1 // one of ten reactions in a tenth of the steps: 1 %
    const ran = [...runs]
    for (let write = below(4); write >= 0; write--) cells[below(10)]?.set(below(10))
    flush()
    let thrown = 0
    const after = plans.map((_, at) => (at < 10 ? undefined : readsOf(at)))
    for (let at = 10; at < 20; at++) {
      const { read } = before[at] ?? { read: new Map<number, string>() }
      const stale = [...read].some(([node, value]) => JSON.stringify(naive(node)) !== value)
      const { outcome } = after[at] ?? { outcome: undefined }
      const times = runs[at - 10] - ran[at - 10]
      const expected = throwing === at && stale ? 'threw' : outcome
      if (times !== (stale ? 1 : 0))
        throw new Error(`reaction ${at}: ${times} runs, stale: ${stale}`)
      if (stale && outcomes.get(at) !== expected) {
        throw new Error(`reaction ${at}: ${String(outcomes.get(at))}, not ${String(expected)}`)
      }
      if (stale && expected === 'threw') thrown++
    }
    if (collector.errors.length !== thrown) {
      throw new Error(`${collector.errors.length} errors reported, ${thrown} thrown`)
    }
    before = after
  }
  return steps
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
