/**
 * `/_typestead/nlu`: the projects; `POST /<project>/parse { text }`, `GET|POST /<project>/examples`,
 * `POST /<project>/train`, whose progress comes by the events of the topic `nlu`. Offsets count UTF-16 code units.
 */
import type { EntitySpan, Example } from '@typestead/nlu'
import type { Hono } from 'hono'
import { HttpError } from '../server/error-response.ts'
import type { Understanding } from './understanding.ts'

export const understandingPath = '/_typestead/nlu'

/** @param find what the app understands with; undefined where it has no `nlu` */
export function addUnderstanding(router: Hono, find: () => Understanding | undefined): void {
  const need = () => {
    const found = find()
    if (found !== undefined) return found
    throw new HttpError(
      404,
      'NOT_FOUND',
      'the app understands no sentences; give its config an nlu',
    )
  }
  router.get(understandingPath, async () => json({ projects: (await find()?.projects()) ?? [] }))
  router.post(`${understandingPath}/:project/parse`, ({ req }) =>
    answered(async () => {
      const { text } = await readObject(req.raw)
      if (typeof text !== 'string') throw badInput('the body needs a text: {"text": "…"}')
      return need().parse(req.param('project'), text)
    }),
  )
  router.get(`${understandingPath}/:project/examples`, ({ req }) =>
    answered(() => need().examples(req.param('project'))),
  )
  router.post(`${understandingPath}/:project/examples`, ({ req }) =>
    answered(async () => {
      const example = exampleOf(await readObject(req.raw))
      await need().add(req.param('project'), example)
      return example
    }, 201),
  )
  router.post(`${understandingPath}/:project/train`, ({ req }) =>
    answered(async () => {
      const project = req.param('project')
      need().train(project)
      return { project, training: 0 }
    }, 202),
  )
}

async function answered(work: () => Promise<object>, status = 200): Promise<Response> {
  try {
    return json(await work(), status)
  } catch (error) {
    const known = statuses[codeOf(error)]
    if (known === undefined || !(error instanceof Error)) throw error
    throw new HttpError(known[0], known[1], error.message, {}, { cause: error })
  }
}

/** Errors of `@typestead/nlu`, told by code: the app has a copy of its own. */
const statuses: Readonly<Record<string, readonly [number, string]>> = {
  bad_data: [400, 'BAD_INPUT'],
  bad_request: [400, 'BAD_INPUT'],
  bad_model: [503, 'UNAVAILABLE'],
  missing_peer: [503, 'UNAVAILABLE'],
  not_found: [404, 'NOT_FOUND'],
  text_too_long: [413, 'TOO_LARGE'],
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

async function readObject(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await request.text()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw badInput(`the body is no JSON: ${reason}`)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badInput('the body must be a JSON object')
  }
  return { ...body }
}

function exampleOf({ text, intent, entities = [] }: Readonly<Record<string, unknown>>): Example {
  if (typeof text !== 'string' || text.trim() === '') throw badInput('text: write a sentence')
  if (/[\r\n]/.test(text)) throw badInput('text: one sentence, on one line')
  if (typeof intent !== 'string' || !/^[\p{L}\p{N}_][\p{L}\p{N}_./+-]{0,99}$/u.test(intent)) {
    throw badInput('intent: a name of letters, digits and _ . / + -, at most 100')
  }
  if (!Array.isArray(entities)) throw badInput('entities: a list')
  return { text, intent, entities: entities.map((span: unknown, at) => spanOf(span, at, text)) }
}

function spanOf(span: unknown, at: number, text: string): EntitySpan {
  const { start, end, entity, value } = (
    typeof span === 'object' && span !== null ? span : {}
  ) as Partial<Record<keyof EntitySpan, unknown>> // each checked below
  const isPlace = Number.isInteger(start) && Number.isInteger(end)
  if (
    !isPlace ||
    typeof entity !== 'string' ||
    !/^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,99}$/u.test(entity)
  ) {
    throw badInput(`entities.${at}: needs start, end and the name of an entity`)
  }
  const [from, to] = [Number(start), Number(end)]
  return {
    start: from,
    end: to,
    entity,
    value: typeof value === 'string' ? value : text.slice(from, to),
  }
}

function badInput(message: string): HttpError {
  return new HttpError(400, 'BAD_INPUT', message)
}

function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { 'cache-control': 'no-store' } })
}
