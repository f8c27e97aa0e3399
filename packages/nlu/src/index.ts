export {
  type BuiltinDimension,
  builtinDimensions,
  builtinEntities,
} from './builtin/builtin-entities.ts'
export { addDays, type CivilTime, civilTime, isoDate } from './builtin/calendar.ts'
export type {
  Component,
  ComponentParts,
  ComponentType,
  Entity,
  IntentConfidence,
  Message,
  ParseOptions,
  TrainContext,
} from './component.ts'
export { type CrossValidationOptions, crossValidate } from './cross-validate.ts'
export {
  type EvaluatedSentence,
  type Evaluation,
  evaluate,
  type Score,
  summarize,
} from './evaluate.ts'
export { type NluApiOptions, type NluHandler, nluApi } from './http/nlu-api.ts'
export {
  decodedModel,
  type LoadOptions,
  loadModel,
  type ModelDescription,
  maxTextLength,
  NluModel,
  type ParseResult,
} from './model.ts'
export {
  ModelRegistry,
  modelName,
  type RegistryOptions,
  type RegistryTrainOptions,
  type ServedModel,
} from './model-registry.ts'
export { NluError, type NluErrorCode } from './nlu-error.ts'
export {
  type PipelineConfig,
  type PipelineEntry,
  pipelineOf,
  readPipelineConfig,
} from './pipeline.ts'
export { htmlReport, type ReportOptions } from './report.ts'
export { compilePattern, patternProblem, type SafePattern } from './safe-pattern.ts'
export { type NluServer, type ServeOptions, serveNlu } from './serve.ts'
export { type Token, tokenize } from './tokenize.ts'
export { type TrainOptions, type TrainProgress, train } from './train.ts'
export { trainInWorker, type WorkerTrainOptions } from './train-in-worker.ts'
export { loadTrainingData, readTrainingData } from './training-data/load-training-data.ts'
export {
  type EntitySpan,
  type Example,
  isOutOfScope,
  type LookupTable,
  mergeData,
  noData,
  type RegexFeature,
  type Source,
  type Synonym,
  type TrainingData,
} from './training-data/training-data.ts'
export { type DataIssue, formatIssue, validateData } from './training-data/validate-data.ts'
export {
  toJsonLines,
  toRasaJson,
  toRasaMarkdown,
  toRasaYaml,
} from './training-data/write-training-data.ts'
export { Vocabularies } from './vocabularies.ts'
