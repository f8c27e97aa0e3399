/** A bare Node server that does what a signed request cannot do without: the HMAC, JSON in, the same answer as JSON out. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BenchMaker } from '../../../bench/measure.ts'
import { credentials } from './lex-load.ts'

export const bench: BenchMaker = async () => {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts)
      const isSigned = verify(request, body)
      const said = JSON.parse(body.toString()) as { readonly inputText: string }
      const text = JSON.stringify(isSigned && said.inputText !== '' ? answer : {})
      response.writeHead(isSigned ? 200 : 403, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      })
      response.end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const answer = {
  intentName: 'OrderBook',
  nluIntentConfidence: { score: 1 },
  alternativeIntents: [],
  slots: { bookType: null },
  sessionAttributes: {},
  message: 'What type of book?',
  messageFormat: 'PlainText',
  dialogState: 'ElicitSlot',
  slotToElicit: 'bookType',
  sessionId: '1790000000000-u0',
  botVersion: '1',
  activeContexts: [],
}

let signingKey: Buffer | undefined

function verify(request: IncomingMessage, body: Buffer): boolean {
  const { authorization = '', 'x-amz-date': date } = request.headers
  const [, scope = '', signed = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=\w+\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      authorization,
    ) ?? []
  const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: Buffer | string, text: string) =>
    createHmac('sha256', key).update(text).digest()
  const headers = signed.split(';').map((name) => `${name}:${request.headers[name]}\n`)
  const bodyHash = sha256(body)
  if (bodyHash !== request.headers['x-amz-content-sha256']) return false
  const path = request.url?.split('/').map(encodeURIComponent).join('/')
  const canonical = `${request.method}\n${path}\n\n${headers.join('')}\n${signed}\n${bodyHash}`
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`
  signingKey ??= scope
    .split('/')
    .reduce<Buffer | string>(hmac, `AWS4${credentials.secretAccessKey}`) as Buffer
  return timingSafeEqual(hmac(signingKey, toSign), Buffer.from(signature, 'hex'))
}
