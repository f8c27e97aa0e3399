/** Request bodies with a limit, whatever the headers claim. */

/** Answered with 413. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/** Bytes that a sentence to parse may come in, with its JSON. */
export const parseLimit = 256 * 1024
/** Bytes of training data. */
export const trainLimit = 64 * 1024 * 1024

/** @throws {BodyTooLarge} */
export async function readBody(request: Request, limit: number): Promise<string> {
  const tooLarge = () => new BodyTooLarge(`the body is larger than ${limit} bytes`)
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge()
  if (!request.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge()
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
