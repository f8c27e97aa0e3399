/**
 * AWS Signature Version 4, verified: the canonical request is made again from what arrived and signed with the known key; the two
 * signatures are compared in constant time. Nothing of the body is interpreted before. Only the header form, for the service
 * `lex`. An exact repeat within the five minutes is not refused here: it answers as a repeat of its invocation id.
 * Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto'
import { LexFault } from './lex-fault.ts'

export interface LexCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The session token of temporary credentials; requests then must carry it. */
  readonly sessionToken?: string
  /** The only region that a signature may be for; without it any is taken. */
  readonly region?: string
}

export interface SignatureVerifier {
  /**
   * @param unsignedBody whether this operation may leave its body unsigned
   * @param read reads the body; called only once the head holds, except where a client signs a hash that it does not send
   * @returns the body that was signed
   * @throws {LexFault} with AWS's name of what is wrong
   */
  verify(
    request: Request,
    unsignedBody: boolean,
    read: () => Promise<Uint8Array>,
  ): Promise<Uint8Array>
}

/** A signature is good for five minutes to either side, as AWS has it. */
const skewMilliseconds = 5 * 60_000

export function signatureVerifier(
  credentials: LexCredentials,
  now: () => number = Date.now,
): SignatureVerifier {
  const signingKey = signingKeys(credentials.secretAccessKey)
  return {
    async verify(request, unsignedBody, read) {
      const given = authorizationOf(request)
      const date = amzDateOf(request)
      checkScope(given, date, credentials)
      checkToken(request, credentials)
      checkTime(date, now())
      checkSigned(request, given.signedHeaders)
      const declared = declaredHash(request, unsignedBody)
      const early = declared === null ? await read() : null
      const bodyHash = declared ?? hash('sha256', early ?? '')
      const canonical = canonicalRequest(request, given.signedHeaders, bodyHash)
      const scope = `${given.date}/${given.region}/lex/aws4_request`
      const toSign = `${algorithm}\n${date}\n${scope}\n${hash('sha256', canonical)}`
      const expected = createHmac('sha256', signingKey(given.date, given.region))
        .update(toSign)
        .digest()
      if (!timingSafeEqual(expected, given.signature)) throw mismatch()
      const body = early ?? (await read())
      if (declared !== null && declared !== unsigned && hash('sha256', body) !== declared) {
        throw new LexFault(
          'invalidSignature',
          'The body is not the one that was signed: its SHA-256 differs from x-amz-content-sha256.',
        )
      }
      return body
    },
  }
}

function mismatch(): LexFault {
  return new LexFault(
    'invalidSignature',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  )
}

const algorithm = 'AWS4-HMAC-SHA256'
const unsigned = 'UNSIGNED-PAYLOAD'

interface Authorization {
  readonly accessKeyId: string
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: Buffer
}

const credentialForm =
  /^([\w-]{1,128})\/(\d{8})\/([a-z0-9-]{1,64})\/([a-z0-9-]{1,64})\/aws4_request$/

function authorizationOf(request: Request): Authorization {
  const header = request.headers.get('authorization')
  if (header === null) {
    throw new LexFault(
      'missingToken',
      'Missing Authentication Token: sign the request with Signature Version 4',
    )
  }
  if (!header.startsWith(`${algorithm} `)) {
    throw incomplete(`Authorization must begin with ${algorithm}`)
  }
  const parts = new Map<string, string>()
  for (const part of header.slice(algorithm.length + 1).split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)=(\S*)\s*$/.exec(part) ?? []
    if (name === '' || parts.has(name)) throw incomplete('Authorization is not well formed')
    parts.set(name, value)
  }
  const [, accessKeyId = '', date = '', region = '', service = ''] =
    credentialForm.exec(parts.get('Credential') ?? '') ?? []
  const signedHeaders = (parts.get('SignedHeaders') ?? '').split(';')
  const signature = parts.get('Signature') ?? ''
  if (accessKeyId === '') {
    throw incomplete('Credential must be <key>/<date>/<region>/lex/aws4_request')
  }
  if (!/^[0-9a-f]{64}$/.test(signature)) throw incomplete('Signature must be 64 hex digits')
  if (signedHeaders.length > 100 || !isSortedUnique(signedHeaders)) {
    throw incomplete('SignedHeaders must be lower case, sorted and each once')
  }
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders,
    signature: Buffer.from(signature, 'hex'),
  }
}

function isSortedUnique(names: readonly string[]): boolean {
  return names.every(
    (name, at) =>
      /^:?[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && (at === 0 || (names[at - 1] as string) < name),
  )
}

function incomplete(what: string): LexFault {
  return new LexFault('incompleteSignature', what)
}

/** `20261124T164436Z` */
function amzDateOf(request: Request): string {
  const date = request.headers.get('x-amz-date') ?? ''
  if (!/^\d{8}T\d{6}Z$/.test(date)) {
    throw incomplete('x-amz-date must be there, as YYYYMMDDThhmmssZ')
  }
  return date
}

function checkScope(given: Authorization, date: string, credentials: LexCredentials): void {
  // The key's id is no secret, unlike what it signs with.
  if (given.accessKeyId !== credentials.accessKeyId) {
    throw new LexFault(
      'unrecognizedClient',
      'The security token included in the request is invalid: the access key is not known here.',
    )
  }
  const wrong =
    given.service !== 'lex'
      ? `service: 'lex'`
      : credentials.region !== undefined && given.region !== credentials.region
        ? `region: '${credentials.region}'`
        : given.date !== date.slice(0, 8)
          ? 'the day of x-amz-date'
          : undefined
  if (wrong !== undefined) {
    throw new LexFault('invalidSignature', `Credential should be scoped to ${wrong}.`)
  }
}

function checkToken(request: Request, { sessionToken }: LexCredentials): void {
  const given = request.headers.get('x-amz-security-token')
  if (given === null && sessionToken === undefined) return
  const digest = (text: string) => Buffer.from(hash('sha256', text))
  if (!timingSafeEqual(digest(given ?? ''), digest(sessionToken ?? ''))) {
    throw new LexFault(
      'unrecognizedClient',
      'The security token included in the request is invalid.',
    )
  }
}

function checkTime(date: string, now: number): void {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? []
  const signedAt = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
  if (Number.isNaN(signedAt)) throw incomplete('x-amz-date is no time')
  if (Math.abs(now - signedAt) <= skewMilliseconds) return
  const here = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  throw new LexFault(
    'invalidSignature',
    signedAt < now
      ? `Signature expired: ${date} is now earlier than five minutes before ${here}.`
      : `Signature not yet current: ${date} is still later than five minutes after ${here}.`,
  )
}

/** Host must be signed, and every x-amz header: what is not signed could have been put there by anybody. */
function checkSigned(request: Request, signed: readonly string[]): void {
  if (!signed.includes('host') && !signed.includes(':authority')) {
    throw new LexFault('invalidSignature', "'Host' or ':authority' must be a signed header.")
  }
  for (const name of request.headers.keys()) {
    if (name.startsWith('x-amz-') && !signed.includes(name)) {
      throw new LexFault('invalidSignature', `'${name}' must be a signed header.`)
    }
  }
}

/** Null: the client did not send the hash that it signed. */
function declaredHash(request: Request, unsignedBody: boolean): string | null {
  const declared = request.headers.get('x-amz-content-sha256')
  if (declared === null) return null
  if (declared === unsigned && !unsignedBody) {
    throw new LexFault(
      'invalidSignature',
      `x-amz-content-sha256 may be ${unsigned} only where a body is streamed (PostContent, RecognizeUtterance).`,
    )
  }
  if (declared !== unsigned && !/^[0-9a-f]{64}$/.test(declared)) {
    throw new LexFault('invalidSignature', 'x-amz-content-sha256 must be 64 hex digits.')
  }
  return declared
}

function canonicalRequest(request: Request, signed: readonly string[], body: string): string {
  const { pathname, search, host } = new URL(request.url)
  const headers = signed.map((name) => {
    const value =
      name === 'host' || name === ':authority'
        ? (request.headers.get('host') ?? host)
        : request.headers.get(name)
    if (value === null) {
      throw new LexFault('invalidSignature', `the signed header '${name}' is not there.`)
    }
    return `${name}:${value.trim().replace(/ +/g, ' ')}\n`
  })
  return [
    request.method,
    canonicalPath(pathname),
    search === '' ? '' : canonicalQuery(search),
    headers.join(''),
    signed.join(';'),
    body,
  ].join('\n')
}

/** Each segment encoded once more, as for every service but S3. */
function canonicalPath(pathname: string): string {
  const segments = pathname.split('/').filter((segment) => segment !== '')
  const trailing = segments.length > 0 && pathname.endsWith('/') ? '/' : ''
  return `/${segments.map(encode).join('/')}${trailing}`
}

function canonicalQuery(search: string): string {
  return [...new URLSearchParams(search)]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function encode(text: string): string {
  if (/^[\w.~-]*$/.test(text)) return text
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Derived keys are good for a day and a region; the most recent is kept. */
function signingKeys(secret: string): (date: string, region: string) => KeyObject {
  let last = ''
  let key: KeyObject | undefined
  return (date, region) => {
    if (key !== undefined && last === `${date}/${region}`) return key
    const step = (from: Buffer | string, text: string) =>
      createHmac('sha256', from).update(text).digest()
    const derived = step(step(step(step(`AWS4${secret}`, date), region), 'lex'), 'aws4_request')
    key = createSecretKey(derived)
    last = `${date}/${region}`
    return key
  }
}
