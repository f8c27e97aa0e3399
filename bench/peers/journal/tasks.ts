/** What all sides do: put a batch of jobs, run each, add up what they carry. */
import type { Bench, Json } from '../../measure.ts'

export const jobs = 1_000
export const durable = 200
/** Jobs at once in the process. */
export const concurrency = 24

export interface JobSide extends AsyncDisposable {
  /** Puts all in; each calls `ran` with its number when it runs. */
  put(numbers: readonly number[]): Promise<unknown>
}

export function dataOf(args: Json | undefined): string {
  if (typeof args === 'object' && args !== null && 'data' in args) return String(args.data)
  throw new Error('the bench file gives { data }')
}

/** A repetition ends when the last job has run. */
export async function queueBench(
  open: (ran: (n: number) => void) => Promise<JobSide>,
): Promise<Bench> {
  let left = 0
  let sum = 0
  let done = () => {}
  const side = await open((n) => {
    sum += n
    if (--left === 0) done()
  })
  return {
    operations: jobs,
    async run() {
      left = jobs
      sum = 0
      const all = new Promise<void>((resolve) => {
        done = resolve
      })
      await side.put(Array.from({ length: jobs }, (_, n) => n))
      await all
      return sum
    },
    [Symbol.asyncDispose]: () => side[Symbol.asyncDispose](),
  }
}
