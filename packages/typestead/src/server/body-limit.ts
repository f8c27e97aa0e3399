/** Bodies up to a limit. What says that it is longer is refused unread; what does not say is cut off where it is. */
import { HttpError } from './error-response.ts'

/**
 * The request itself, or one whose body fails past the limit.
 * @throws {HttpError} 413
 */
export function limitBody(request: Request, bytes: number): Request {
  const declared = request.headers.get('content-length')
  if (declared !== null) {
    if (Number(declared) > bytes) throw tooLarge(bytes)
    return request
  }
  if (request.headers.get('transfer-encoding') === null || request.body === null) return request
  let read = 0
  const counted = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        read += chunk.byteLength
        if (read > bytes) controller.error(tooLarge(bytes))
        else controller.enqueue(chunk)
      },
    }),
  )
  // Node needs `duplex` for a body that streams; the DOM's types do not know it.
  return new Request(request, { body: counted, duplex: 'half' } as RequestInit)
}

function tooLarge(bytes: number): HttpError {
  // The connection stays open: what is still on its way is read and thrown away, so that the sender gets the answer.
  return new HttpError(413, 'BODY_TOO_LARGE', `a body can have ${bytes} bytes at most`)
}
