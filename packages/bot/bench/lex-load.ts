/** Signed PostText requests on sixteen connections at once, each of another user, from the harness's own process. */
import { createHash, createHmac } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import type { Loaded } from '../../../bench/measure.ts'

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-real-secret' }

const requests = 800
const connections = 16
let users = 0

/** A URL with `#botkit` is that of Botkit's web adapter, which has a message of its own form and no signature. */
export async function load(url: string): Promise<Loaded> {
  const [address = '', kind] = url.split('#')
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const make = kind === 'botkit' ? botkitMessage : signedPostText
  let next = 0
  let first = ''
  const one = async () => {
    while (next < requests) {
      const index = next++
      const text = await post(agent, address, make(new URL(address).host, `u${users++}`))
      if (index === 0) first = text
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  agent.destroy()
  return { operations: requests, answer: wordsOf(first) }
}

interface Sent {
  readonly path: string
  readonly headers: Record<string, string | number>
  readonly body: string
}

function botkitMessage(_: string, user: string): Sent {
  const body = JSON.stringify({ type: 'message', text: 'order a book', user, channel: 'webhook' })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return { path: '/api/messages', headers, body }
}

function signedPostText(host: string, user: string): Sent {
  const path = `/bot/PurchaseBook/alias/prod/user/${user}/text`
  const body = JSON.stringify({ inputText: 'order a book' })
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: Buffer | string, text: string) =>
    createHmac('sha256', key).update(text).digest()
  const signed: Record<string, string> = {
    'content-type': 'application/json',
    host,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': date,
  }
  const names = Object.keys(signed).join(';')
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`)
  const canonical = `POST\n${path}\n\n${lines.join('')}\n${names}\n${sha256(body)}`
  const scope = `${date.slice(0, 8)}/us-east-1/lex/aws4_request`
  const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${credentials.secretAccessKey}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`)
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature.toString('hex')}`
  return {
    path,
    headers: { ...signed, authorization, 'content-length': Buffer.byteLength(body) },
    body,
  }
}

function post(agent: Agent, address: string, { path, headers, body }: Sent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(address + path, { method: 'POST', agent, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const text = Buffer.concat(parts).toString()
        if (response.statusCode === 200) resolve(text)
        else reject(new Error(`${response.statusCode}: ${text}`))
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** What the user reads: all that the sides have in common. */
function wordsOf(text: string): string {
  // Of ours and the bare server: an object; of Botkit: a list of messages.
  const answer = JSON.parse(text) as { message?: string } | { text?: string }[]
  return (Array.isArray(answer) ? answer[0]?.text : answer.message) ?? text
}
