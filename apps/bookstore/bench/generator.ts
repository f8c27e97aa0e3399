/**
 * Asks a shop without pause over so many connections of their own, kept alive, and prints one line of JSON: how many
 * answers came, what was wrong with any, and how long they took. Runs in a process of its own.
 * Usage: node generator.ts <url> <connections> <seconds> <share of writes, from 0 to 1>
 */
import { Agent, request } from 'node:http'

export interface Outcome {
  readonly reads: number
  readonly writes: number
  /** Wrong answers and broken connections: how often each came. */
  readonly errors: Readonly<Record<string, number>>
  /** Milliseconds. */
  readonly read: Latencies
  readonly write: Latencies
}

export interface Latencies {
  readonly p50: number
  readonly p99: number
  readonly most: number
}

interface Subjects {
  readonly users: readonly string[]
  readonly books: readonly string[]
  readonly posts: readonly string[]
}

const byId = 'query ($id: ID!) { book(id: $id) { title price stock author { name } } }'
const page =
  'query ($after: String) { books(first: 10, after: $after, orderBy: { title: ASC }) { nodes { id title author { name } } pageInfo { endCursor } } }'
const withPosts = 'query ($id: ID!) { User(id: $id) { firstName posts(first: 5) { id title } } }'
const createPost =
  'mutation ($id: ID!, $title: String!) { createPost(title: $title, body: "Written under load.", accountsUserId: $id) { id } }'
const updatePost =
  'mutation ($id: ID!, $title: String!) { updatePost(id: $id, post: { title: $title }) { id title } }'

if (import.meta.main) {
  const [url = '', connections = '200', seconds = '30', writes = '0.2'] = process.argv.slice(2)
  const outcome = await generate(url, Number(connections), Number(seconds), Number(writes))
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
}

async function generate(
  url: string,
  connections: number,
  seconds: number,
  share: number,
): Promise<Outcome> {
  const subjects = await findSubjects(url)
  const errors: Record<string, number> = {}
  const reads: number[] = []
  const writes: number[] = []
  const end = performance.now() + seconds * 1000
  const one = async (connection: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let turn = connection; performance.now() < end; turn++) {
      // Spread evenly: with a share of a fifth, each fifth request of a connection writes.
      const writing = Math.floor(turn * share) !== Math.floor((turn - 1) * share)
      const started = performance.now()
      const problem = await send(url, writing ? write(subjects, turn) : read(subjects, turn), agent)
      const latencies = writing ? writes : reads
      latencies.push(performance.now() - started)
      if (problem !== undefined) errors[problem] = (errors[problem] ?? 0) + 1
    }
    agent.destroy()
  }
  await Promise.all(Array.from({ length: connections }, (_, connection) => one(connection)))
  return {
    reads: reads.length,
    writes: writes.length,
    errors,
    read: latenciesOf(reads),
    write: latenciesOf(writes),
  }
}

function read({ users, books }: Subjects, turn: number): string {
  if (turn % 3 === 0) return body(byId, { id: at(books, turn) })
  return turn % 3 === 1 ? body(page, {}) : body(withPosts, { id: at(users, turn) })
}

function write({ users, posts }: Subjects, turn: number): string {
  const title = `Load ${turn}`
  return turn % 2 === 0
    ? body(createPost, { id: at(users, turn), title })
    : body(updatePost, { id: at(posts, turn), title })
}

function at(ids: readonly string[], turn: number): string {
  return ids[(turn * 7919) % ids.length] ?? ''
}

function body(query: string, variables: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ query, variables })
}

/** What was wrong with the answer; undefined where nothing was. */
function send(url: string, text: string, agent?: Agent): Promise<string | undefined> {
  return answer(url, text, agent).then(
    ({ status, data }) => {
      if (status !== 200) return `status ${status}`
      return data.includes('"errors"') ? `answer ${data.slice(0, 200)}` : undefined
    },
    (error: NodeJS.ErrnoException) => `connection ${error.code ?? error.message}`,
  )
}

function answer(
  url: string,
  text: string,
  agent?: Agent,
): Promise<{ status: number; data: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    }
    const sent = request(
      `${url}/api`,
      { method: 'POST', headers, ...(agent === undefined ? {} : { agent }) },
      (incoming) => {
        let data = ''
        incoming.setEncoding('utf8')
        incoming.on('data', (chunk: string) => {
          data += chunk
        })
        incoming.on('error', reject)
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, data }))
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}

async function findSubjects(url: string): Promise<Subjects> {
  const query =
    '{ users(first: 500) { nodes { id } } books(first: 500) { nodes { id } } posts(first: 500) { nodes { id } } }'
  const { data } = JSON.parse((await answer(url, JSON.stringify({ query }))).data)
  const ids = (name: string): string[] =>
    data[name].nodes.map((node: { readonly id: string }) => node.id)
  return { users: ids('users'), books: ids('books'), posts: ids('posts') }
}

function latenciesOf(milliseconds: number[]): Latencies {
  const sorted = milliseconds.toSorted((one, other) => one - other)
  const quantile = (share: number) =>
    Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? 0) * 10) / 10
  return { p50: quantile(0.5), p99: quantile(0.99), most: quantile(1) }
}
