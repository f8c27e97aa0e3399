/**
 * How long work goes on before it is made known to others: a message that is not kept yet, a hook that runs without a claim. Short
 * enough that a messenger does not notice, long enough for what a process does by itself.
 */

/** Milliseconds. */
export const moment = 40

export const later = Symbol('later')

/** @returns `later` when the work takes longer than `ms` */
export async function within<R>(work: Promise<R>, ms: number): Promise<R | typeof later> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<typeof later>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms), later)
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
