/** The input that the runtime bench checks, as an entity and as the schemas of the peers; each gives back what it checked. */
import type { BenchMaker } from '../../../bench/measure.ts'
import {
  boolean,
  checkCreate,
  defineModel,
  Entity,
  float,
  id,
  int,
  list,
  oneOf,
  string,
} from '../src/index.ts'

const repetitions = 20_000

const inputs = Array.from({ length: 100 }, (_, index) => ({
  id: `0190b5a2-0000-7000-8000-${String(index).padStart(12, '0')}`,
  email: `reader${index}@example.com`,
  title: `Title ${index}`,
  body: index % 3 === 0 ? null : 'x'.repeat(index),
  count: index,
  score: index / 7,
  active: index % 2 === 0,
  role: index % 5 === 0 ? 'admin' : 'reader',
  tags: ['a', 'b', 'c'].slice(index % 3),
}))

export const bench: BenchMaker = () => {
  class Article extends Entity('Article', {
    id: id(),
    email: string().email(),
    title: string().min(1).max(200),
    body: string().nullable(),
    count: int().min(0),
    score: float(),
    active: boolean(),
    role: oneOf('admin', 'reader'),
    tags: list(string()),
  }) {}
  const meta = defineModel({ Article }).meta(Article)
  return checking((input) => checkCreate(meta, input))
}

/** Checks every input in turn; what it returns is the values of one pass. */
export function checking(check: (input: unknown) => unknown): ReturnType<BenchMaker> {
  return {
    operations: repetitions,
    run() {
      const passed: unknown[] = []
      for (let at = 0; at < repetitions; at++) {
        const value = check(inputs[at % inputs.length])
        if (at < inputs.length) passed.push(value)
      }
      return passed
    },
  }
}
