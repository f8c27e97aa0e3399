import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { purchaseModel } from '../../test/lex/purchase-model.ts'
import { scriptedService } from '../../test/lex/scripted-service.ts'
import { lexApi } from './lex-api.ts'

const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-real-secret' }
const signedAt = Date.UTC(2026, 10, 24, 16, 0, 0)
const path = '/lex/bot/PurchaseBook/alias/%24LATEST/user/reader%3A1/text'

type Bytes = string | ArrayBuffer | ArrayBufferView

class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>
  constructor(secret?: Bytes) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', bufferOf(secret))
  }
  update(data: Bytes): void {
    this.#hash.update(bufferOf(data))
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  reset(): void {}
}

function bufferOf(data: Bytes): Buffer {
  if (typeof data === 'string') return Buffer.from(data)
  if (data instanceof ArrayBuffer) return Buffer.from(data)
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}

interface Signing {
  readonly method?: string
  readonly path?: string
  readonly query?: Record<string, string>
  readonly body?: string
  readonly headers?: Record<string, string>
  readonly service?: string
  readonly region?: string
  readonly credentials?: typeof key & { readonly sessionToken?: string }
  readonly at?: number
}

/** Signed by AWS's own signer. */
async function sign(options: Signing = {}): Promise<{
  url: string
  init: { method: string; headers: Record<string, string>; body?: string }
}> {
  const {
    method = 'POST',
    query = {},
    body = '{"inputText":"hi"}',
    headers = {},
    service = 'lex',
    region = 'us-east-1',
    credentials = key,
    at = signedAt,
  } = options
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 })
  const signed = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: options.path ?? path,
      query,
      headers: { host: '127.0.0.1', ...headers },
      ...(method !== 'GET' && { body }),
    },
    { signingDate: new Date(at) },
  )
  const search = new URLSearchParams(query).toString()
  return {
    url: `http://127.0.0.1${options.path ?? path}${search && `?${search}`}`,
    init: { method, headers: signed.headers, ...(method !== 'GET' && { body }) },
  }
}

function verifying(
  now = signedAt,
  credentials: typeof key & { region?: string; sessionToken?: string } = key,
) {
  const service = scriptedService(purchaseModel())
  const api = lexApi(service, { basePath: '/lex', credentials, now: () => now })
  return {
    service,
    async send({ url, init }: { url: string; init: RequestInit }) {
      const response = await api(new Request(url, init))
      return { status: response.status, type: response.headers.get('x-amzn-errortype') }
    },
  }
}

describe('what AWS signs is taken', () => {
  it.each<[string, Signing]>([
    ['a request', {}],
    ['escapes in the path', { path: '/lex/bot/PurchaseBook/alias/%24LATEST/user/a%3Ab%3Ac/text' }],
    [
      'more headers',
      {
        headers: {
          'content-type': 'application/json',
          'x-amz-user-agent': 'a   b',
          'amz-sdk-invocation-id': 'x',
        },
      },
    ],
    ['another region', { region: 'eu-central-1' }],
    ['five minutes ago', { at: signedAt - 5 * 60_000 }],
    ['in five minutes', { at: signedAt + 5 * 60_000 }],
  ])('%s', async (_, options) => {
    expect(await verifying().send(await sign(options))).toEqual({ status: 200, type: null })
  })

  it('a query', async () => {
    const get = await sign({
      method: 'GET',
      path: path.replace('/text', '/session'),
      query: { checkpointLabelFilter: 'a-1', 'b c': '~*' },
    })
    expect(await verifying().send(get)).toEqual({ status: 404, type: 'NotFoundException' })
  })

  it('temporary credentials with their token', async () => {
    const credentials = { ...key, sessionToken: 'token' }
    expect(await verifying(signedAt, credentials).send(await sign({ credentials }))).toMatchObject({
      status: 200,
    })
    expect(await verifying(signedAt, credentials).send(await sign())).toEqual({
      status: 403,
      type: 'UnrecognizedClientException',
    })
  })

  it('a body whose hash is signed and not sent', async () => {
    const credentials = { ...key }
    const signer = new SignatureV4({
      service: 'lex',
      region: 'us-east-1',
      credentials,
      sha256: Sha256,
      applyChecksum: false,
    })
    const signed = await signer.sign(
      {
        method: 'POST',
        protocol: 'http:',
        hostname: '127.0.0.1',
        path,
        query: {},
        headers: { host: '127.0.0.1' },
        body: '{"inputText":"hi"}',
      },
      { signingDate: new Date(signedAt) },
    )
    expect(signed.headers['x-amz-content-sha256']).toBeUndefined()
    const init = { method: 'POST', headers: signed.headers, body: '{"inputText":"hi"}' }
    expect(await verifying().send({ url: `http://127.0.0.1${path}`, init })).toMatchObject({
      status: 200,
    })
    expect(
      await verifying().send({
        url: `http://127.0.0.1${path}`,
        init: { ...init, body: '{"inputText":"ho"}' },
      }),
    ).toEqual({ status: 403, type: 'InvalidSignatureException' })
  })

  it('an unsigned body, only of a stream', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'content-type': 'text/plain' }
    const content = path.replace('/text', '/content')
    expect(
      await verifying().send(await sign({ path: content, headers, body: 'hi' })),
    ).toMatchObject({ status: 200 })
    expect(await verifying().send(await sign({ headers }))).toEqual({
      status: 403,
      type: 'InvalidSignatureException',
    })
  })
})

describe('what is not signed so is refused before it is read', () => {
  const without = (name: string, value?: string) => async () => {
    const signed = await sign()
    const { [name]: _, ...headers } = signed.init.headers
    return {
      ...signed,
      init: {
        ...signed.init,
        headers: value === undefined ? headers : { ...headers, [name]: value },
      },
    }
  }
  const edited = (edit: (authorization: string) => string) => async () => {
    const signed = await sign()
    const authorization = edit(signed.init.headers.authorization as string)
    return {
      ...signed,
      init: { ...signed.init, headers: { ...signed.init.headers, authorization } },
    }
  }

  it.each<[string, () => Promise<{ url: string; init: RequestInit }>, number, string]>([
    ['no signature', without('authorization'), 403, 'MissingAuthenticationTokenException'],
    ['another scheme', without('authorization', 'Bearer x'), 400, 'IncompleteSignatureException'],
    ['no date', without('x-amz-date'), 400, 'IncompleteSignatureException'],
    ['no time', without('x-amz-date', '20261399T996161Z'), 403, 'InvalidSignatureException'],
    ['another date', without('x-amz-date', '20261124T160001Z'), 403, 'InvalidSignatureException'],
    ['half a signature', edited((text) => text.slice(0, -10)), 400, 'IncompleteSignatureException'],
    [
      'another signature',
      edited((text) => text.replace(/Signature=.*/, `Signature=${'0'.repeat(64)}`)),
      403,
      'InvalidSignatureException',
    ],
    [
      'no signed headers',
      edited((text) => text.replace(/SignedHeaders=[^,]*/, 'SignedHeaders=')),
      400,
      'IncompleteSignatureException',
    ],
    [
      'headers out of order',
      edited((text) => text.replace(/SignedHeaders=[^,]*/, 'SignedHeaders=x-amz-date;host')),
      400,
      'IncompleteSignatureException',
    ],
    [
      'host not signed',
      edited((text) => text.replace('host;', '')),
      403,
      'InvalidSignatureException',
    ],
    [
      'another key',
      () => sign({ credentials: { ...key, accessKeyId: 'OTHER' } }),
      403,
      'UnrecognizedClientException',
    ],
    [
      'another secret',
      () => sign({ credentials: { ...key, secretAccessKey: 'other' } }),
      403,
      'InvalidSignatureException',
    ],
    ['another service', () => sign({ service: 's3' }), 403, 'InvalidSignatureException'],
    [
      'a token that we do not know',
      () => sign({ credentials: { ...key, sessionToken: 'x' } }),
      403,
      'UnrecognizedClientException',
    ],
    [
      'five minutes and a second ago',
      () => sign({ at: signedAt - 301_000 }),
      403,
      'InvalidSignatureException',
    ],
    [
      'in five minutes and a second',
      () => sign({ at: signedAt + 301_000 }),
      403,
      'InvalidSignatureException',
    ],
    ['yesterday', () => sign({ at: signedAt - 86_400_000 }), 403, 'InvalidSignatureException'],
  ])('%s', async (_, make, status, type) => {
    const { send, service } = verifying()
    expect(await send(await make())).toEqual({ status, type })
    expect(service.turns).toHaveLength(0)
  })

  it('another region than the one that is wanted', async () => {
    const { send } = verifying(signedAt, { ...key, region: 'eu-west-1' })
    expect(await send(await sign())).toEqual({ status: 403, type: 'InvalidSignatureException' })
    expect(await send(await sign({ region: 'eu-west-1' }))).toMatchObject({ status: 200 })
  })

  it('another body, path, query, method or host; an x-amz header put in; a body cut short', async () => {
    const signed = await sign()
    const { send, service } = verifying()
    const { url, init } = signed
    const tampered: { url: string; init: RequestInit }[] = [
      { url, init: { ...init, body: '{"inputText":"ho"}' } },
      { url, init: { ...init, body: '{"inputText":"hi"' } },
      { url: url.replace('reader', 'other1'), init },
      { url: `${url}?a=b`, init },
      { url, init: { ...init, method: 'PUT' } },
      { url, init: { ...init, headers: { ...init.headers, host: 'evil' } } },
      {
        url,
        init: { ...init, headers: { ...init.headers, 'x-amz-lex-session-attributes': 'e30=' } },
      },
    ]
    for (const one of tampered) expect((await send(one)).status).not.toBe(200)
    expect(service.turns).toHaveLength(0)
  })

  it('one byte changed anywhere in the signature header', async () => {
    const signed = await sign()
    const header = signed.init.headers.authorization as string
    const { send, service } = verifying()
    await fc.assert(
      fc.asyncProperty(
        fc.nat(header.length - 1),
        fc.integer({ min: 33, max: 126 }),
        async (at, code) => {
          const char = String.fromCharCode(code)
          fc.pre(header[at] !== char && header[at] !== ' ')
          const authorization = header.slice(0, at) + char + header.slice(at + 1)
          const { status } = await send({
            url: signed.url,
            init: { ...signed.init, headers: { ...signed.init.headers, authorization } },
          })
          expect([400, 403]).toContain(status)
        },
      ),
      { numRuns: 500 },
    )
    expect(service.turns).toHaveLength(0)
  })
})
