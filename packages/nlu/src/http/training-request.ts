/** Training and test data from request bodies: JSON, YAML (3.x: nlu, pipeline and language in one), Markdown. */
import { parse } from 'yaml'
import { type PipelineConfig, readPipelineConfig } from '../pipeline.ts'
import { readTrainingData } from '../training-data/load-training-data.ts'
import type { TrainingData } from '../training-data/training-data.ts'
import { readBody, trainLimit } from './read-body.ts'

export interface TrainingRequest {
  readonly data: TrainingData
  /** Present when the body names a pipeline. */
  readonly config?: PipelineConfig
}

/** @throws {NluError} bad_data, bad_config; {BodyTooLarge} */
export async function readTrainingRequest(request: Request): Promise<TrainingRequest> {
  const body = await readBody(request, trainLimit)
  const first = body.trimStart()[0]
  const type = request.headers.get('content-type') ?? ''
  // 0.x clients send JSON without saying so.
  if (first === '{') return readJson(body)
  if (/markdown/.test(type) || first === '#')
    return { data: await readTrainingData(body, 'request.md') }
  return readYaml(body)
}

async function readJson(body: string): Promise<TrainingRequest> {
  // 3.x as JSON: {"nlu": "…yaml or md…", "config": "…"}; JSON that cannot be parsed is complained about by the reader below.
  let parsed: { nlu?: unknown; config?: unknown } = {}
  try {
    parsed = JSON.parse(body)
  } catch {
    return { data: await readTrainingData(body, 'request.json') }
  }
  if (typeof parsed.nlu !== 'string') return { data: await readTrainingData(body, 'request.json') }
  const name = parsed.nlu.trimStart().startsWith('#') ? 'nlu.md' : 'nlu.yml'
  return {
    data: await readTrainingData(parsed.nlu, name),
    ...(typeof parsed.config === 'string'
      ? { config: readPipelineConfig(parsed.config, 'config.yml') }
      : {}),
  }
}

async function readYaml(body: string): Promise<TrainingRequest> {
  const data = await readTrainingData(body, 'request.yml')
  const hasPipeline = /^(?:pipeline|language)\s*:/m.test(body)
  const config = hasPipeline ? { config: readPipelineConfig(body, 'request.yml') } : {}
  if (data.examples.length > 0) return { data, ...config }
  // 0.12 and later: the JSON data stands under `data`.
  const wrapped = (parse(body) as { data?: unknown } | null)?.data
  return wrapped === undefined
    ? { data, ...config }
    : { data: await readTrainingData(JSON.stringify(wrapped), 'request.json'), ...config }
}
