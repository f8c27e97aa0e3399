/**
 * Twilio's request signatures: HMAC-SHA1 over the URL and the form's sorted fields; for another body over the URL alone, which then
 * carries the body's SHA-256. https://www.twilio.com/docs/usage/security
 */
import { createHash, createHmac } from 'node:crypto'
import { Refusal, sameText } from '../webhook-request.ts'

/** @throws {Refusal} 401 unless the account signed this request */
export function verifyTwilio(
  authToken: string,
  url: string,
  headers: Headers,
  body: Uint8Array,
  form: URLSearchParams | undefined,
): void {
  const given = headers.get('x-twilio-signature') ?? ''
  const expected = urlVariants(url).map((one) => twilioSignature(authToken, one, form))
  // All are compared: which one fits is no secret, but how long it takes would be a habit.
  const fits = expected.filter((one) => sameText(given, one))
  if (given === '' || fits.length === 0) {
    const advice = 'behind a proxy, publicUrl must be the address that Twilio calls'
    throw new Refusal(401, `the signature does not fit; ${advice}`)
  }
  if (form !== undefined) return
  const declared = new URL(url).searchParams.get('bodySHA256') ?? ''
  if (!sameText(declared, createHash('sha256').update(body).digest('hex'))) {
    throw new Refusal(401, 'the body is not the one that was signed')
  }
}

export function twilioSignature(
  authToken: string,
  url: string,
  form: URLSearchParams | undefined,
): string {
  const hmac = createHmac('sha1', authToken).update(url)
  if (form !== undefined) {
    for (const name of [...new Set(form.keys())].sort()) {
      for (const value of [...new Set(form.getAll(name))].sort()) hmac.update(name + value)
    }
  }
  return hmac.digest('base64')
}

/** Twilio signs the address with its port or without, by product and time. */
function urlVariants(url: string): string[] {
  const [, scheme = '', host = '', rest = ''] = /^(https?):\/\/([^/?#]*)(.*)$/.exec(url) ?? []
  const bare = host.replace(/:\d+$/, '')
  const standard = `${bare}:${scheme === 'https' ? 443 : 80}`
  return [...new Set([host, standard, bare])].map((one) => `${scheme}://${one}${rest}`)
}
