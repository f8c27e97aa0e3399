/** Content negotiation for the two media types of GraphQL answers. */

export const responseType = 'application/graphql-response+json'
export const jsonType = 'application/json'

export type MediaType = typeof responseType | typeof jsonType

/**
 * The type to answer with: the one that the caller weighs most, the newer one where both weigh the same. `null` is 406.
 * Without an Accept it is the newer one, as the specification wants since 2025; for a bare wildcard it is JSON, which
 * every client reads.
 */
export function negotiate(accept: string | null): MediaType | null {
  if (accept === null) return responseType
  const known = negotiated.get(accept)
  if (known !== undefined) return known
  const type = judged(accept)
  // A client sends the same header each time.
  if (negotiated.size < mostNegotiated && accept.length < 256) negotiated.set(accept, type)
  return type
}

const mostNegotiated = 64
const negotiated = new Map<string, MediaType | null>()

function judged(accept: string): MediaType | null {
  if (accept.trim() === '') return responseType
  const ranges = accept.split(',').flatMap((part) => range(part))
  const weight = (type: MediaType) => weightOf(ranges, type)
  const [response, json] = [weight(responseType), weight(jsonType)]
  if (response.q === 0 && json.q === 0) return null
  if (response.q === json.q)
    return response.exact || !json.wildcard ? pick(response, json) : jsonType
  return response.q > json.q ? responseType : jsonType
}

interface Weight {
  readonly q: number
  readonly exact: boolean
  readonly wildcard: boolean
}

function pick(response: Weight, json: Weight): MediaType {
  return json.exact && !response.exact ? jsonType : responseType
}

interface MediaRange {
  readonly type: string
  readonly q: number
}

function range(part: string): MediaRange[] {
  const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
  if (!/^[^\s/]+\/[^\s/]+$/.test(type)) return []
  let q = 1
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.split('=').map((piece) => piece.trim())
    if (name === 'q') q = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(value) ? Number(value) : 0
    // The answer is UTF-8; a caller that wants another encoding cannot have it.
    if (name === 'charset' && value.replaceAll('"', '') !== 'utf-8') return []
  }
  return [{ type, q }]
}

/** The most specific range that matches counts (RFC 9110, section 12.5.1). */
function weightOf(ranges: readonly MediaRange[], type: MediaType): Weight {
  const exact = ranges.find((one) => one.type === type)
  if (exact) return { q: exact.q, exact: true, wildcard: false }
  const wide =
    ranges.find((one) => one.type === 'application/*') ?? ranges.find((one) => one.type === '*/*')
  return { q: wide?.q ?? 0, exact: false, wildcard: wide !== undefined }
}
