/** Sides of what happens when rows change: a server under reads and writes, and a subscriber of another client's writes. */
import { embedded, open } from '@typestead/store'
import type { BenchMaker } from '../../../bench/measure.ts'
import { answerer, askedOf } from '../../../bench/peers/graphql/serve.ts'
import { blogApi, model, Post } from './blog.ts'

/** The API behind @hono/node-server. */
export const serving: BenchMaker = async (args) => {
  const db = await open(model, embedded({ data: askedOf(args).data }))
  const asked = { ...askedOf(args), over: 'http' } as const
  return answerer(asked, blogApi(db).handler, () => db[Symbol.asyncDispose]())
}

/** Writes go through a store of their own, as those of another server would; what wakes the reader is the database. */
export const subscriber: BenchMaker = async (args) => {
  const { data, times } = askedOf(args)
  const db = await open(model, embedded({ data }))
  const writer = await open(model, embedded({ data }))
  const response = await blogApi(db).handler(
    new Request('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { postChanged { node { id likes } } }' }),
    }),
  )
  const waiting = new Map<number, () => void>()
  const reader = response.body?.getReader()
  void (async () => {
    const decoder = new TextDecoder()
    for (;;) {
      const part = await reader?.read()
      if (!part || part.done) return
      for (const [, likes] of decoder.decode(part.value).matchAll(/"likes":(\d+)/g)) {
        waiting.get(Number(likes))?.()
      }
    }
  })()
  const [post] = await writer.find(Post, { where: { tenant: 'a', hidden: false }, first: 1 })
  if (!post) throw new Error('there is no post')
  let likes = 1000
  let latencies: number[] = []
  return {
    operations: times,
    async run() {
      latencies = []
      for (let n = 0; n < times; n++) {
        likes++
        const came = new Promise<void>((resolve) => waiting.set(likes, resolve))
        await writer.update(Post, post.id, { likes })
        const committed = performance.now()
        await came
        latencies.push(performance.now() - committed)
        waiting.delete(likes)
      }
      return times
    },
    figures() {
      const sorted = latencies.toSorted((a, b) => a - b)
      return { 'p99 ms': sorted[Math.floor(sorted.length * 0.99)] ?? 0 }
    },
    async [Symbol.asyncDispose]() {
      await reader?.cancel()
      await writer[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}
