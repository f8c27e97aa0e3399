import { Piscina } from 'piscina'

export const bench = (args: unknown) => {
  const many = args === 'start many'
  const threads = many ? 2 : 1
  const operations = many ? 5000 : 2000
  const pool = new Piscina({
    filename: new URL('./piscina-task.mjs', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    maxQueue: 1000,
    concurrentTasksPerWorker: many ? 16 : 1,
  })
  return {
    operations,
    run: async () => {
      if (many) {
        // Its queue is bounded: as many at a time as it takes.
        for (let i = 0; i < operations; i += 100) {
          await Promise.all(Array.from({ length: 100 }, (_, k) => pool.run(i + k)))
        }
        return true
      }
      let sum = 0
      for (let i = 0; i < operations; i++) sum += (await pool.run(i)) as number
      return sum === (operations * (operations + 1)) / 2
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}
