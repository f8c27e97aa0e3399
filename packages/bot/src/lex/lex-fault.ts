/**
 * What a Lex endpoint answers when it cannot do what was asked: one fault, in the words of either generation. V1 and V2 have other
 * names for the same thing; clients find the name in `x-amzn-errortype` and the text in the JSON body.
 */
import { BotError } from '../bot-error.ts'
import type { TurnFailure } from '../dialogue/effect.ts'
import type { LexOperation } from './lex-route.ts'
import { operationErrors, statuses } from './operation-errors.ts'

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
const common = {
  denied: ['AccessDeniedException', 403],
  missingToken: ['MissingAuthenticationTokenException', 403],
  incompleteSignature: ['IncompleteSignatureException', 400],
  invalidSignature: ['InvalidSignatureException', 403],
  unrecognizedClient: ['UnrecognizedClientException', 403],
  unknownOperation: ['UnknownOperationException', 404],
} as const satisfies Partial<Record<FaultKind, Named>>

type OwnKind = Exclude<FaultKind, keyof typeof common>

/** What each fault is called; an operation that has no such error tells it by the second name, which it has. */
const names: Readonly<Record<Generation, Readonly<Record<OwnKind, readonly [string, string?]>>>> = {
  v1: {
    input: ['BadRequestException'],
    notFound: ['NotFoundException'],
    conflict: ['ConflictException', 'LimitExceededException'],
    limit: ['LimitExceededException'],
    dependency: ['DependencyFailedException', 'InternalFailureException'],
    upstream: ['BadGatewayException', 'InternalFailureException'],
    media: ['UnsupportedMediaTypeException', 'BadRequestException'],
    notAcceptable: ['NotAcceptableException', 'BadRequestException'],
    timeout: ['RequestTimeoutException', 'BadRequestException'],
    unsupported: ['BadRequestException'],
    internal: ['InternalFailureException'],
  },
  v2: {
    input: ['ValidationException'],
    notFound: ['ResourceNotFoundException', 'ValidationException'],
    conflict: ['ConflictException', 'ThrottlingException'],
    limit: ['ThrottlingException'],
    dependency: ['DependencyFailedException', 'InternalServerException'],
    upstream: ['BadGatewayException', 'InternalServerException'],
    media: ['ValidationException'],
    notAcceptable: ['ValidationException'],
    timeout: ['ValidationException'],
    unsupported: ['ValidationException'],
    internal: ['InternalServerException'],
  },
}

function namedFault(
  generation: Generation,
  operation: LexOperation | null,
  kind: FaultKind,
): Named {
  if (isCommon(kind)) return common[kind]
  const [name, other = name] = names[generation][kind]
  const known = operation === null ? undefined : operationErrors[generation][operation]
  const told = known === undefined || known.includes(name) ? name : other
  return [told, statuses[generation][told] ?? 500]
}

function isCommon(kind: FaultKind): kind is keyof typeof common {
  return Object.hasOwn(common, kind)
}

/** V1's models spell the member of these three with a capital. */
const capitalMessage = new Set([
  'BadGatewayException',
  'DependencyFailedException',
  'LoopDetectedException',
])

/** Seconds after which a caller that was too much may ask again. */
const retryAfterSeconds = '1'

/** @param operation null where no operation was found, or none was asked for */
export function faultResponse(
  generation: Generation,
  operation: LexOperation | null,
  fault: LexFault,
  requestId: string,
): Response {
  const [name, status] = namedFault(generation, operation, fault.kind)
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
