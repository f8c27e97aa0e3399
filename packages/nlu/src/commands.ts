/**
 * The `nlu` commands as functions. Results go to `out`, progress and warnings to
 * `err`; with `json` each prints one JSON value.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { componentsOf } from './component-modules.ts'
import { crossValidate } from './cross-validate.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { decodedModel, loadModel, type ParseResult } from './model.ts'
import { writeModelFile } from './model-file.ts'
import { NluError } from './nlu-error.ts'
import { type PipelineConfig, pipelineOf, readPipelineConfig } from './pipeline.ts'
import { progressBar } from './progress-bar.ts'
import { htmlReport } from './report.ts'
import { serveNlu } from './serve.ts'
import { trainInWorker } from './train-in-worker.ts'
import { loadTrainingData } from './training-data/load-training-data.ts'
import { formatIssue, validateData } from './training-data/validate-data.ts'

/** Where a command writes; `process.stdout` and `process.stderr` fit. */
export interface CommandOutput {
  readonly out: { write(text: string): unknown }
  readonly err: { write(text: string): unknown; readonly isTTY?: boolean }
}

export interface TrainCommandOptions {
  readonly out: string
  readonly pipeline?: string
  readonly config?: string
  readonly language?: string
  readonly seed?: number
  /** Modules of own component types. */
  readonly components?: readonly string[]
  readonly json?: boolean
  readonly signal?: AbortSignal
}

export interface TrainSummary {
  readonly model: string
  readonly bytes: number
  readonly fingerprint: string
  readonly examples: number
  readonly intents: number
  readonly entities: readonly string[]
  readonly warnings: number
  readonly seconds: number
}

/** `nlu train <files…> --out <model>`. @throws {NluError} */
export async function trainCommand(
  files: readonly string[],
  options: TrainCommandOptions,
  { out, err }: CommandOutput,
): Promise<TrainSummary> {
  const started = performance.now()
  const config = await configOf(options)
  const data = await loadTrainingData(files)
  const componentModules = options.components?.map((file) => pathToFileURL(file).href)
  let warnings = 0
  const bar = progressBar(err)
  const bytes = await trainInWorker(data, {
    ...config,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(componentModules ? { componentModules } : {}),
    onProgress: ({ done, component }) => bar.at(done, component),
    onWarning: (issue) => {
      warnings++
      bar.line(formatIssue(issue))
    },
  }).finally(() => bar.end())
  const components = componentModules
    ? (await Promise.all(componentModules.map(componentsOf))).flat()
    : []
  const model = await decodedModel(bytes, options.out, { components })
  await writeModelFile(options.out, bytes)
  const { examples, intents, entities } = model.description
  const summary: TrainSummary = {
    model: options.out,
    bytes: bytes.length,
    fingerprint: model.fingerprint,
    examples,
    intents: intents.length,
    entities,
    warnings,
    seconds: (performance.now() - started) / 1000,
  }
  out.write(
    options.json
      ? `${JSON.stringify(summary)}\n`
      : `${options.out}: ${counted(examples, 'example')}, ${counted(intents.length, 'intent')}, ${counted(entities.length, 'entity', 'entities')}; ${bytes.length} bytes, ${summary.seconds.toFixed(1)} s\n`,
  )
  return summary
}

export interface ParseCommandOptions {
  readonly json?: boolean
  readonly timeZone?: string
  readonly now?: Date
  readonly contexts?: readonly string[]
}

/** `nlu parse <model> <text>`. @throws {NluError} */
export async function parseCommand(
  file: string,
  text: string,
  { json, ...options }: ParseCommandOptions,
  { out }: CommandOutput,
): Promise<ParseResult> {
  const model = await loadModel(file)
  const result = await model.parse(text, options)
  out.write(json ? `${JSON.stringify(result)}\n` : describe(result))
  return result
}

export interface EvaluateCommandOptions {
  readonly json?: boolean
  /** Writes the HTML report there. */
  readonly report?: string
  /** Cross-validates the data in so many folds; no model is read then. */
  readonly folds?: number
  readonly pipeline?: string
  readonly config?: string
}

/** `nlu evaluate <model> <files…>`, or with `folds` only files. @throws {NluError} */
export async function evaluateCommand(
  model: string | undefined,
  files: readonly string[],
  options: EvaluateCommandOptions,
  { out }: CommandOutput,
): Promise<Evaluation> {
  const data = await loadTrainingData(files)
  const evaluation =
    model === undefined
      ? await crossValidate(data, { ...(await configOf(options)), folds: options.folds ?? 5 })
      : await evaluate(await loadModel(model), data)
  if (options.report)
    await writeFile(
      options.report,
      htmlReport(evaluation, {
        title: `Evaluation of ${model ?? files.join(', ')}`,
        date: new Date(),
      }),
    )
  const { intent, entities, outOfScope } = evaluation
  const figures = {
    intent: {
      accuracy: intent.accuracy,
      f1: intent.f1,
      accuracyAfterThreshold: intent.accuracyAfterThreshold,
      calibrationError: intent.calibrationError,
    },
    entities: { precision: entities.precision, recall: entities.recall, f1: entities.f1 },
    outOfScope,
  }
  if (options.json) out.write(`${JSON.stringify(figures)}\n`)
  else {
    const percent = (share: number) => `${(share * 100).toFixed(2)} %`
    out.write(
      `intents   accuracy ${percent(intent.accuracy)}, F1 ${percent(intent.f1)}, after threshold ${percent(intent.accuracyAfterThreshold)}, calibration error ${intent.calibrationError.toFixed(3)}\n`,
    )
    out.write(
      `entities  precision ${percent(entities.precision)}, recall ${percent(entities.recall)}, F1 ${percent(entities.f1)}\n`,
    )
    out.write(
      `out of scope  refused ${percent(outOfScope.recall)}, false alarms ${percent(outOfScope.falseAlarms)}\n`,
    )
  }
  return evaluation
}

/** `nlu validate <files…>`: every finding on its line; how many errors there are. */
export async function validateCommand(
  files: readonly string[],
  { json }: { readonly json?: boolean },
  { out }: CommandOutput,
): Promise<number> {
  const issues = validateData(await loadTrainingData(files))
  out.write(
    json
      ? `${JSON.stringify(issues)}\n`
      : issues.map((issue) => `${formatIssue(issue)}\n`).join(''),
  )
  return issues.filter(({ severity }) => severity === 'error').length
}

export interface ServeCommandOptions {
  readonly models: string
  readonly port?: number
  readonly host?: string
  readonly token?: string
  readonly timeZone?: string
  readonly config?: string
  readonly pipeline?: string
  readonly components?: readonly string[]
  readonly json?: boolean
  /** Ends the server; default: SIGTERM and SIGINT. */
  readonly signal?: AbortSignal
}

/** `nlu serve`; resolves when it has ended. */
export async function serveCommand(
  options: ServeCommandOptions,
  { out, err }: CommandOutput,
): Promise<void> {
  const {
    models,
    json,
    signal = stopSignal(),
    components: files = [],
    config: _config,
    pipeline: _pipeline,
    ...rest
  } = options
  const componentModules = files.map((file) => pathToFileURL(file).href)
  const server = await serveNlu({
    ...rest,
    models,
    config: await configOf(options),
    components: (await Promise.all(componentModules.map(componentsOf))).flat(),
    componentModules,
    onError: (error) =>
      err.write(
        `${JSON.stringify({ level: 'error', error: error instanceof Error ? error.message : String(error) })}\n`,
      ),
    onRequest: (line) => err.write(`${JSON.stringify({ level: 'info', ...line })}\n`),
  })
  out.write(
    json
      ? `${JSON.stringify({ url: server.url })}\n`
      : `serving the models of ${models} on ${server.url}\n`,
  )
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  await server.close()
}

async function configOf({
  config,
  pipeline,
  language,
}: {
  readonly config?: string
  readonly pipeline?: string
  readonly language?: string
}): Promise<PipelineConfig> {
  if (config === undefined)
    return { language: language ?? 'en', pipeline: pipelineOf(pipeline ?? 'fast') }
  const text = await readFile(config, 'utf8').catch((cause) => {
    throw new NluError('not_found', `cannot read ${config}; check the path`, { cause })
  })
  const read = readPipelineConfig(text, config)
  return {
    language: language ?? read.language,
    pipeline: pipeline ? pipelineOf(pipeline) : read.pipeline,
  }
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

function describe({ intent, intent_ranking, entities }: ParseResult): string {
  const lines = [`intent  ${intent ? `${intent.name} (${intent.confidence.toFixed(2)})` : 'none'}`]
  for (const { name, confidence } of intent_ranking.slice(0, 3))
    lines.push(`        ${confidence.toFixed(2)} ${name}`)
  for (const { entity, value, start, end, extractor } of entities) {
    lines.push(
      `entity  ${entity} = ${typeof value === 'string' ? value : JSON.stringify(value)} [${start},${end}) by ${extractor}`,
    )
  }
  return `${lines.join('\n')}\n`
}

/** Aborts at SIGTERM or SIGINT. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => stop.abort(signal))
  return stop.signal
}
