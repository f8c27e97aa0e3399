/**
 * Amazon Lex's runtime APIs, V1 and V2, as one web-standard handler on the bot service. Where credentials are set, a request whose
 * signature does not hold is refused before anything of its body is read as more than bytes. A client's repeat of a request
 * (the AWS SDKs send the same `amz-sdk-invocation-id`) gets the answer that the first one got.
 * Contracts: docs.aws.amazon.com/lex/latest/dg/API_Operations_Amazon_Lex_Runtime_Service.html (V1),
 * docs.aws.amazon.com/lexv2/latest/APIReference/API_Operations_Amazon_Lex_Runtime_V2.html (V2).
 */
import { randomUUID } from 'node:crypto'
import { trace } from '@opentelemetry/api'
import type { BotModel } from '../model/bot-model.ts'
import type { Call, LexContext, LexService, Transcriber } from './lex-context.ts'
import { faultOf, faultResponse, LexFault } from './lex-fault.ts'
import { type LexRoute, routeOf } from './lex-route.ts'
import { readBody } from './request-body.ts'
import { type LexCredentials, signatureVerifier } from './signature.ts'
import * as v1 from './v1-operations.ts'
import * as v2 from './v2-operations.ts'

export interface LexApiOptions {
  /** Where it is mounted, for instance `/lex`; default none. */
  readonly basePath?: string
  /** Requests must be signed with them; without, signatures are not looked at. */
  readonly credentials?: LexCredentials
  /** Hears audio; without it audio is refused (415 in V1). */
  readonly transcriber?: Transcriber
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number
  /** Told of what failed inside; requests that were wrong are only answered. */
  readonly onError?: (error: unknown) => void
}

export type LexHandler = (request: Request) => Promise<Response>

const tracer = trace.getTracer('@typestead/bot')

/** Bytes of a JSON request or of text; what may come in it is far less. */
const jsonBytes = 128 * 1024
/** Bytes of audio: fifteen seconds of 16-bit PCM at 16 kHz are 480,000. */
const audioBytes = 1024 * 1024
const bodyMilliseconds = 15_000

export function lexApi(service: LexService, options: LexApiOptions = {}): LexHandler {
  const { basePath = '', credentials, transcriber, now = Date.now, onError } = options
  const prefix = basePath.replace(/\/+$/, '')
  const verifier = credentials && signatureVerifier(credentials, now)
  const context: LexContext = { service, transcriber, now, modelOf: pinnedModels(service) }

  const answer = async (request: Request, route: LexRoute, requestId: string) => {
    const streamed = streamedOperations.has(route.operation)
    const limits = { bytes: streamed ? audioBytes : jsonBytes, milliseconds: bodyMilliseconds }
    const read = () => readBody(request, limits)
    const signed = verifier && route.operation !== 'StartConversation'
    const body = signed ? await verifier.verify(request, streamed, read) : await bodyOf(route, read)
    const call: Call = { request, route, body, requestId }
    return operations[route.generation][route.operation]?.(context, call)
  }

  return async (request) => {
    const path = pathOf(request.url)
    const below = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : '/'
    const route = routeOf(request.method, below)
    const requestId = request.headers.get('amz-sdk-invocation-id')?.slice(0, 128) ?? randomUUID()
    const respond = async (): Promise<Response> => {
      try {
        if (route.operation === null) throw new LexFault('unknownOperation', route.reason)
        const response = await answer(request, route, requestId)
        if (response === undefined) throw new LexFault('unknownOperation', route.generation)
        return response
      } catch (error) {
        const fault = faultOf(error)
        if (fault.kind === 'internal' || fault.kind === 'upstream') onError?.(fault.cause ?? fault)
        return faultResponse(route.generation, route.operation, fault, requestId)
      }
    }
    return tracer.startActiveSpan(`lex ${route.operation ?? 'unknown'}`, async (span) => {
      const response = await respond()
      span.setAttribute('http.response.status_code', response.status)
      span.end()
      return response
    })
  }
}

type Operations = Readonly<
  Record<string, ((context: LexContext, call: Call) => Promise<Response>) | undefined>
>

const operations: Readonly<Record<'v1' | 'v2', Operations>> = {
  v1: {
    PostText: v1.postText,
    PostContent: v1.postContent,
    PutSession: v1.putSession,
    GetSession: v1.getSession,
    DeleteSession: v1.deleteSession,
  },
  v2: {
    RecognizeText: v2.recognizeText,
    RecognizeUtterance: v2.recognizeUtterance,
    PutSession: v2.putSession,
    GetSession: v2.getSession,
    DeleteSession: v2.deleteSession,
    StartConversation: v2.startConversation,
  },
}

const streamedOperations: ReadonlySet<string> = new Set(['PostContent', 'RecognizeUtterance'])

/** A conversation's stream has no end to read to, and is refused by its name alone. */
async function bodyOf(route: LexRoute, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
  return route.operation === 'StartConversation' ? new Uint8Array(0) : read()
}

/** As it was sent: the escapes are the router's to read. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2)
  if (start === -1) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end === -1 ? url.slice(start) : url.slice(start, start + end)
}

/** Versions never change, so their models are kept: the most recent ones. */
function pinnedModels(service: LexService): LexContext['modelOf'] {
  const kept = new Map<string, BotModel>()
  return async (bot, version) => {
    const key = `${bot}/${version}`
    const known = kept.get(key)
    if (known) return known
    const { model } = await service.model(bot, version)
    if (version !== '$LATEST') {
      if (kept.size >= 50) kept.delete(kept.keys().next().value as string)
      kept.set(key, model)
    }
    return model
  }
}
