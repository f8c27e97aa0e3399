/** Routes of Rasa NLU 0.x. `project` "undefined", which its JavaScript clients send for none, means the default project. */
import { z } from 'zod'
import { evaluate } from '../evaluate.ts'
import { NluError } from '../nlu-error.ts'
import { rasa0Parse, rasaEvaluation } from './rasa-answers.ts'
import { parseLimit, readBody } from './read-body.ts'
import { failure, type RouteContext, type Routes } from './route.ts'
import { readTrainingRequest } from './training-request.ts'

const question = z.object({
  q: z.union([z.string(), z.array(z.string()).min(1)]),
  project: z.string().nullish(),
  model: z.string().nullish(),
})

/** Trainings at once; more are refused, as Rasa does. */
const maxTrainings = 1

export const rasa0Routes: Routes = {
  'GET /': async () => new Response('hello from Typestead NLU, compatible with Rasa 0.x and 3.x\n'),
  'GET /parse': async (_request, url, context) => {
    const q = url.searchParams.get('q')
    if (q === null) throw new NluError('bad_request', 'give the text as ?q=')
    return parseText(
      q,
      named(url.searchParams.get('project')),
      named(url.searchParams.get('model')),
      context,
    )
  },
  'POST /parse': async (request, _url, context) => {
    const parsed = question.safeParse(readJson(await readBody(request, parseLimit)))
    if (!parsed.success) throw new NluError('bad_request', 'send JSON with the text as "q"')
    const { q, project, model } = parsed.data
    return parseText(
      typeof q === 'string' ? q : (q[0] as string),
      named(project),
      named(model),
      context,
    )
  },
  'POST /train': async (request, url, { registry, config }) => {
    if (registry.training >= maxTrainings)
      return failure(403, 'MaxTrainingError', 'a training is under way; try again when it is done')
    const { data, config: own } = await readTrainingRequest(request)
    const project = named(url.searchParams.get('project')) ?? registry.defaultProject
    const name = named(url.searchParams.get('model'))
    const { pipeline, language } = own ?? config
    const { name: made } = await registry.train(data, {
      project,
      pipeline,
      language,
      signal: request.signal,
      ...(name ? { name } : {}),
    })
    return Response.json({ info: `new model trained: ${made}`, model: made, project })
  },
  'POST /evaluate': async (request, url, { registry }) => {
    const { data } = await readTrainingRequest(request)
    const { model } = await registry.get(
      named(url.searchParams.get('project')),
      named(url.searchParams.get('model')),
    )
    return Response.json(rasaEvaluation(await evaluate(model, data)))
  },
  'GET /config': async (_request, _url, { config }) => Response.json(config),
  'DELETE /models': async (_request, url, { registry }) => {
    const project = named(url.searchParams.get('project')) ?? registry.defaultProject
    const model = named(url.searchParams.get('model'))
    if (!model) throw new NluError('bad_request', 'give the model as ?model=')
    await registry.drop(project, model)
    return Response.json({ info: `model ${model} unloaded` })
  },
}

async function parseText(
  q: string,
  project: string | undefined,
  name: string | undefined,
  { registry, now, timeZone }: RouteContext,
): Promise<Response> {
  const served = await registry.get(project, name)
  return Response.json(
    rasa0Parse(await served.model.parse(q, { now: now(), timeZone }), served.project, served.name),
  )
}

function named(value: string | null | undefined): string | undefined {
  return value === null || value === undefined || value === '' || value === 'undefined'
    ? undefined
    : value
}

/** @throws {NluError} bad_request */
export function readJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new NluError('bad_request', 'the body is not JSON', { cause })
  }
}
