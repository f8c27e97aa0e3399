/** Routes of Rasa 3.x's HTTP API that concern understanding; `/status` and `/version` answer both generations. */
import { basename } from 'node:path'
import { z } from 'zod'
import { evaluate } from '../evaluate.ts'
import { NluError } from '../nlu-error.ts'
import { readJson } from './rasa-0.ts'
import { rasa3Parse, rasaEvaluation } from './rasa-answers.ts'
import { parseLimit, readBody } from './read-body.ts'
import { compatibleVersion, failure, type Routes } from './route.ts'
import { readTrainingRequest } from './training-request.ts'

const message = z.object({ text: z.string(), message_id: z.string().nullish() })
const replacement = z.object({ model_file: z.string() })

export const rasa3Routes: Routes = {
  'POST /model/parse': async (request, _url, { registry, now, timeZone }) => {
    const parsed = message.safeParse(readJson(await readBody(request, parseLimit)))
    if (!parsed.success) throw new NluError('bad_request', 'send JSON with the text as "text"')
    const { model } = await registry.get()
    const answer = rasa3Parse(await model.parse(parsed.data.text, { now: now(), timeZone }))
    return Response.json(
      parsed.data.message_id ? { ...answer, message_id: parsed.data.message_id } : answer,
    )
  },
  'POST /model/train': async (request, _url, { registry, config }) => {
    if (registry.training > 0)
      return failure(409, 'TrainingUnderWay', 'a training is under way; try again when it is done')
    const { data, config: own } = await readTrainingRequest(request)
    const { pipeline, language } = own ?? config
    const { model, name } = await registry.train(data, {
      pipeline,
      language,
      signal: request.signal,
    })
    return new Response(model.encode(), {
      headers: { 'content-type': 'application/octet-stream', filename: `${name}.nlu` },
    })
  },
  'POST /model/test/intents': async (request, url, { registry }) => {
    const { data } = await readTrainingRequest(request)
    const { model } = await registry.get(
      registry.defaultProject,
      url.searchParams.get('model') ?? undefined,
    )
    return Response.json(rasaEvaluation(await evaluate(model, data)))
  },
  'PUT /model': async (request, _url, { registry }) => {
    const parsed = replacement.safeParse(readJson(await readBody(request, parseLimit)))
    if (!parsed.success) throw new NluError('bad_request', 'send JSON with "model_file"')
    // Only files of the models folder can be served: the name counts, not the path.
    await registry.use(
      registry.defaultProject,
      basename(parsed.data.model_file).replace(/\.nlu$/, ''),
    )
    return new Response(null, { status: 204 })
  },
  'DELETE /model': async (_request, _url, { registry }) => {
    const { name } = await registry.get()
    await registry.drop(registry.defaultProject, name)
    return new Response(null, { status: 204 })
  },
  'GET /status': async (_request, _url, { registry }) => {
    const files = await registry.list()
    const current = await registry.get().catch(() => undefined)
    const loaded = registry.loaded
    const projects = [...files].map(([project, list]) => [
      project,
      {
        status: registry.training > 0 ? 'training' : 'ready',
        available_models: list.map(({ name }) => name),
        loaded_models: loaded
          .filter((served) => served.project === project)
          .map(({ name }) => name),
      },
    ])
    return Response.json({
      model_id: current?.model.fingerprint.slice(0, 32) ?? null,
      model_file: current ? basename(current.file) : null,
      num_active_training_jobs: registry.training,
      available_projects: Object.fromEntries(projects),
      max_training_processes: 1,
      current_training_processes: registry.training,
    })
  },
  'GET /version': async () =>
    Response.json({ version: compatibleVersion, minimum_compatible_version: '3.0.0' }),
}
