/** The input of packages/entity/bench/create-input.ts, checked by Valibot. */
import * as v from 'valibot'
import { checking } from '../../../packages/entity/bench/create-input.ts'
import type { BenchMaker } from '../../measure.ts'

export const bench: BenchMaker = () => {
  const article = v.strictObject({
    id: v.pipe(v.string(), v.uuid(), v.toLowerCase()),
    email: v.pipe(v.string(), v.email()),
    title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    body: v.nullable(v.string()),
    count: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_147_483_647)),
    score: v.pipe(v.number(), v.finite()),
    active: v.boolean(),
    role: v.picklist(['admin', 'reader']),
    tags: v.pipe(v.array(v.string()), v.maxLength(10_000)),
  })
  return checking((input) => {
    const result = v.safeParse(article, input)
    if (!result.success) throw new Error(result.issues[0].message)
    return result.output
  })
}
