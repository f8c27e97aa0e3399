/** The input of packages/entity/bench/create-input.ts, checked by Zod. */
import { z } from 'zod'
import { checking } from '../../../packages/entity/bench/create-input.ts'
import type { BenchMaker } from '../../measure.ts'

export const bench: BenchMaker = () => {
  const article = z.strictObject({
    id: z.guid().transform((text) => text.toLowerCase()),
    email: z.email(),
    title: z.string().min(1).max(200),
    body: z.string().nullable(),
    count: z.int32().min(0),
    score: z.number(),
    active: z.boolean(),
    role: z.enum(['admin', 'reader']),
    tags: z.array(z.string()).max(10_000),
  })
  return checking((input) => {
    const result = article.safeParse(input)
    if (!result.success) throw result.error
    return result.data
  })
}
