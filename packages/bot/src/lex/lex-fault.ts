/**
 * What a Lex endpoint answers when it cannot do what was asked: one fault, in the words of either generation. V1 and V2 have other
 * names for the same thing; clients find the name in `x-amzn-errortype` and the text in the JSON body.
 */
import { BotError } from '../bot-error.ts'
import type { TurnFailure } from '../dialogue/effect.ts'

export type Generation = 'v1' | 'v2'

export type FaultKind =
  | 'input'
  | 'notFound'
  | 'conflict'
  | 'limit'
  | 'dependency'
  | 'upstream'
  | 'denied'
  | 'media'
  | 'notAcceptable'
  | 'timeout'
  | 'loop'
  | 'internal'
  | 'unsupported'
  | 'missingToken'
  | 'incompleteSignature'
  | 'invalidSignature'
  | 'unrecognizedClient'
  | 'unknownOperation'

export class LexFault extends Error {
  readonly kind: FaultKind

  constructor(kind: FaultKind, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'LexFault'
    this.kind = kind
  }
}

type Named = readonly [name: string, status: number]

/** Of requests that no operation has seen yet; as every AWS service answers them. */
const common: Readonly<Record<string, Named>> = {
  denied: ['AccessDeniedException', 403],
  unsupported: ['UnsupportedOperationException', 400],
  missingToken: ['MissingAuthenticationTokenException', 403],
  incompleteSignature: ['IncompleteSignatureException', 400],
  invalidSignature: ['InvalidSignatureException', 403],
  unrecognizedClient: ['UnrecognizedClientException', 403],
  unknownOperation: ['UnknownOperationException', 404],
}

const names: Readonly<Record<Generation, Readonly<Record<string, Named>>>> = {
  v1: {
    ...common,
    input: ['BadRequestException', 400],
    notFound: ['NotFoundException', 404],
    conflict: ['ConflictException', 409],
    limit: ['LimitExceededException', 429],
    dependency: ['DependencyFailedException', 424],
    upstream: ['BadGatewayException', 502],
    media: ['UnsupportedMediaTypeException', 415],
    notAcceptable: ['NotAcceptableException', 406],
    timeout: ['RequestTimeoutException', 408],
    loop: ['LoopDetectedException', 508],
    internal: ['InternalFailureException', 500],
  },
  v2: {
    ...common,
    input: ['ValidationException', 400],
    notFound: ['ResourceNotFoundException', 404],
    conflict: ['ConflictException', 409],
    limit: ['ThrottlingException', 429],
    dependency: ['DependencyFailedException', 424],
    upstream: ['BadGatewayException', 502],
    // V2 has no name of its own for these four.
    media: ['ValidationException', 400],
    notAcceptable: ['ValidationException', 400],
    timeout: ['RequestTimeoutException', 408],
    loop: ['DependencyFailedException', 424],
    internal: ['InternalServerException', 500],
  },
}

/** V1's models spell the member of these three with a capital. */
const capitalMessage = new Set([
  'BadGatewayException',
  'DependencyFailedException',
  'LoopDetectedException',
])

/** Seconds after which a caller that was too much may ask again. */
const retryAfterSeconds = '1'

export function faultResponse(
  generation: Generation,
  fault: LexFault,
  requestId: string,
): Response {
  const [name, status] = names[generation][fault.kind] as Named
  const member = generation === 'v1' && capitalMessage.has(name) ? 'Message' : 'message'
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-errortype': name,
    'x-amzn-requestid': requestId,
  }
  if (status === 429) headers['retry-after'] = retryAfterSeconds
  return new Response(JSON.stringify({ [member]: fault.message }), { status, headers })
}

/** Whatever was thrown, as what the caller is told; what is not ours says nothing of its inside. */
export function faultOf(error: unknown): LexFault {
  if (error instanceof LexFault) return error
  if (error instanceof BotError) {
    return new LexFault(kinds[error.code], error.message, { cause: error })
  }
  return new LexFault('internal', 'the request failed inside the service; ask again', {
    cause: error,
  })
}

const kinds: Readonly<Record<BotError['code'], FaultKind>> = {
  BAD_INPUT: 'input',
  NOT_FOUND: 'notFound',
  CONFLICT: 'conflict',
  LIMIT: 'limit',
  HOOK_FAILED: 'dependency',
  UNAVAILABLE: 'upstream',
  FORBIDDEN: 'denied',
  FORMAT: 'internal',
  CLOSED: 'internal',
}

export function faultOfTurn(failure: TurnFailure): LexFault {
  return new LexFault(failure.code === 'BAD_REQUEST' ? 'input' : 'dependency', failure.message)
}
