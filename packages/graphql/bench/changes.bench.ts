/** The slowest hundredth of requests when a fifth of them write, and how soon a write is on a subscription. */
import { measure } from '../../../bench/measure.ts'
import { data, prepare } from './blog.ts'
import { load, post } from './load.ts'

const module = new URL('./changes.ts', import.meta.url)
const query = '{ users(first: 10) { email posts { title } } }'

let ids: Promise<readonly string[]> | undefined

async function postIds(url: string): Promise<readonly string[]> {
  const text = await post(url, '{ postPages(first: 100) { nodes { id } } }')
  const answer = JSON.parse(text) as { data: { postPages: { nodes: { id: string }[] } } }
  return answer.data.postPages.nodes.map(({ id }) => id)
}

export const measures = [
  measure({
    name: 'a fifth of the requests write, over HTTP',
    unit: 'request',
    sides: { typestead: { module, export: 'serving', args: { data, query, times: 1 }, prepare } },
    async load(url) {
      ids ??= postIds(url.split('#')[0] ?? '')
      const known = await ids
      return load(url, 200, (index, read) =>
        index % 5 === 1
          ? `mutation { updatePost(id: "${known[index % known.length]}", data: {likes: ${index}}) { title likes } }`
          : read,
      )
    },
  }),
  measure({
    name: "another client's write on a subscription",
    unit: 'write',
    sides: {
      typestead: { module, export: 'subscriber', args: { data, query, times: 100 }, prepare },
    },
    goals: [{ figure: 'p99 ms', atMost: 50 }],
  }),
]
