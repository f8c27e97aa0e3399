/**
 * Pipelines: lists of component entries, by a short name ('fast', 'embedding'), written out, or read from a Rasa `config.yml`, whose
 * component names are mapped to the ones here.
 */
import { parse } from 'yaml'
import { z } from 'zod'
import type { ComponentType } from './component.ts'
import { builtinComponent } from './components/builtin-component.ts'
import { classifierComponent } from './components/classifier-component.ts'
import { embeddingComponent } from './components/embedding-component.ts'
import { fallbackComponent } from './components/fallback-component.ts'
import { keywordComponent } from './components/keyword-component.ts'
import { ngramComponent } from './components/ngram-component.ts'
import { patternComponent } from './components/pattern-component.ts'
import { placeComponent } from './components/place-component.ts'
import { synonymComponent } from './components/synonym-component.ts'
import { taggerComponent } from './components/tagger-component.ts'
import { vocabularyComponent } from './components/vocabulary-component.ts'
import { NluError } from './nlu-error.ts'
import type { Vocabularies } from './vocabularies.ts'

/** One component with its options. */
export interface PipelineEntry {
  readonly name: string
  readonly [option: string]: unknown
}

export interface PipelineConfig {
  /** BCP 47; what numbers and dates are read as, beside the scripts seen in a text. Default "en". */
  readonly language: string
  readonly pipeline: readonly PipelineEntry[]
}

/** By short name. The order is the order of training and parsing. */
const named: Readonly<Record<string, readonly string[]>> = {
  fast: [
    'NgramFeaturizer',
    'SoftmaxClassifier',
    'CrfTagger',
    'VocabularyMatcher',
    'PatternMatcher',
    'PlaceGazetteer',
    'BuiltinEntities',
    'SynonymMapper',
    'Fallback',
  ],
  embedding: [
    'NgramFeaturizer',
    'SentenceEmbedding',
    'SoftmaxClassifier',
    'CrfTagger',
    'VocabularyMatcher',
    'PatternMatcher',
    'PlaceGazetteer',
    'BuiltinEntities',
    'SynonymMapper',
    'Fallback',
  ],
  keyword: [
    'KeywordClassifier',
    'VocabularyMatcher',
    'PatternMatcher',
    'BuiltinEntities',
    'SynonymMapper',
  ],
}

/** Rasa's names, of both generations; an empty list: done by every pipeline anyway. */
const rasaNames: Readonly<Record<string, readonly string[]>> = {
  WhitespaceTokenizer: [],
  JiebaTokenizer: [],
  MitieTokenizer: [],
  SpacyTokenizer: [],
  ConveRTTokenizer: [],
  tokenizer_whitespace: [],
  tokenizer_mitie: [],
  tokenizer_spacy: [],
  tokenizer_jieba: [],
  MitieNLP: [],
  SpacyNLP: [],
  nlp_mitie: [],
  nlp_spacy: [],
  HFTransformersNLP: [],
  CountVectorsFeaturizer: ['NgramFeaturizer'],
  intent_featurizer_count_vectors: ['NgramFeaturizer'],
  intent_featurizer_ngrams: ['NgramFeaturizer'],
  intent_featurizer_mitie: ['NgramFeaturizer'],
  intent_featurizer_spacy: ['NgramFeaturizer'],
  MitieFeaturizer: ['NgramFeaturizer'],
  SpacyFeaturizer: ['NgramFeaturizer'],
  LexicalSyntacticFeaturizer: [],
  LanguageModelFeaturizer: ['SentenceEmbedding'],
  ConveRTFeaturizer: ['SentenceEmbedding'],
  RegexFeaturizer: ['VocabularyMatcher', 'PatternMatcher'],
  intent_entity_featurizer_regex: ['VocabularyMatcher', 'PatternMatcher'],
  RegexEntityExtractor: ['VocabularyMatcher', 'PatternMatcher'],
  DIETClassifier: ['SoftmaxClassifier', 'CrfTagger'],
  LogisticRegressionClassifier: ['SoftmaxClassifier'],
  SklearnIntentClassifier: ['SoftmaxClassifier'],
  MitieIntentClassifier: ['SoftmaxClassifier'],
  EmbeddingIntentClassifier: ['SoftmaxClassifier'],
  intent_classifier_mitie: ['SoftmaxClassifier'],
  intent_classifier_sklearn: ['SoftmaxClassifier'],
  intent_classifier_tensorflow_embedding: ['SoftmaxClassifier'],
  KeywordIntentClassifier: ['KeywordClassifier'],
  intent_classifier_keyword: ['KeywordClassifier'],
  CRFEntityExtractor: ['CrfTagger'],
  MitieEntityExtractor: ['CrfTagger'],
  ner_crf: ['CrfTagger'],
  ner_mitie: ['CrfTagger'],
  SpacyEntityExtractor: ['PlaceGazetteer'],
  ner_spacy: ['PlaceGazetteer'],
  DucklingEntityExtractor: ['BuiltinEntities'],
  DucklingHTTPExtractor: ['BuiltinEntities'],
  ner_duckling: ['BuiltinEntities'],
  ner_duckling_http: ['BuiltinEntities'],
  EntitySynonymMapper: ['SynonymMapper'],
  ner_synonyms: ['SynonymMapper'],
  FallbackClassifier: ['Fallback'],
  ResponseSelector: [],
}

const rasaTemplates: Readonly<Record<string, string>> = {
  mitie: 'fast',
  spacy_sklearn: 'fast',
  mitie_sklearn: 'fast',
  pretrained_embeddings_spacy: 'fast',
  tensorflow_embedding: 'fast',
  supervised_embeddings: 'fast',
  keyword: 'keyword',
  pretrained_embeddings_convert: 'embedding',
}

/** A pipeline by short name, or as entries. @throws {NluError} bad_config */
export function pipelineOf(pipeline: string | readonly PipelineEntry[]): readonly PipelineEntry[] {
  if (typeof pipeline !== 'string') return mapped(pipeline)
  const names = named[pipeline] ?? named[rasaTemplates[pipeline] ?? '']
  if (names) return names.map((name) => ({ name }))
  throw new NluError(
    'bad_config',
    `no pipeline "${pipeline}"; use ${Object.keys(named).join(', ')}, or a list of components`,
  )
}

const configFile = z.looseObject({
  language: z.string().default('en'),
  pipeline: z
    .union([z.string(), z.array(z.union([z.string(), z.looseObject({ name: z.string() })]))])
    .nullish(),
})

/** Reads a Rasa `config.yml` (or 0.x `config.json`). @throws {NluError} bad_config */
export function readPipelineConfig(text: string, file: string): PipelineConfig {
  let parsed: z.infer<typeof configFile>
  try {
    parsed = configFile.parse(parse(text))
  } catch (cause) {
    throw new NluError(
      'bad_config',
      `${file}: not a pipeline configuration; expected language and pipeline`,
      { cause },
    )
  }
  const { language, pipeline } = parsed
  if (typeof pipeline === 'string') return { language, pipeline: pipelineOf(pipeline) }
  if (!pipeline || pipeline.length === 0) return { language, pipeline: pipelineOf('fast') }
  return {
    language,
    pipeline: mapped(
      pipeline.map((entry) => (typeof entry === 'string' ? { name: entry } : entry)),
    ),
  }
}

/** Rasa's entries become ours; options that mean the same are taken over. A component stands once. */
function mapped(entries: readonly PipelineEntry[]): PipelineEntry[] {
  const found = new Map<string, PipelineEntry>()
  for (const entry of entries) {
    const names = rasaNames[entry.name]
    if (!names) {
      found.set(entry.name, entry)
      continue
    }
    for (const name of names) {
      const options = rasaOptions(name, entry)
      found.set(name, { ...found.get(name), name, ...options })
    }
  }
  return [...found.values()]
}

function rasaOptions(name: string, entry: PipelineEntry): Record<string, unknown> {
  if (name === 'Fallback') {
    return {
      ...(typeof entry.threshold === 'number' ? { threshold: entry.threshold } : {}),
      ...(typeof entry.ambiguity_threshold === 'number'
        ? { ambiguity: entry.ambiguity_threshold }
        : {}),
    }
  }
  if (name === 'BuiltinEntities' && Array.isArray(entry.dimensions))
    return { dimensions: entry.dimensions.map(ducklingName) }
  return {}
}

function ducklingName(dimension: unknown): unknown {
  return dimension === 'amount-of-money' ? 'amount' : dimension
}

/** The component types of this package, by name. */
export function componentTypes(
  live: Vocabularies,
  own: readonly ComponentType[] = [],
): Map<string, ComponentType> {
  const types = [
    ngramComponent,
    embeddingComponent,
    classifierComponent,
    keywordComponent,
    taggerComponent,
    vocabularyComponent(live),
    patternComponent,
    placeComponent,
    builtinComponent,
    synonymComponent,
    fallbackComponent,
    ...own,
  ]
  return new Map(types.map((type) => [type.name, type]))
}

/** @throws {NluError} bad_config when a component is not known */
export function typeOf(types: ReadonlyMap<string, ComponentType>, name: string): ComponentType {
  const type = types.get(name)
  if (type) return type
  throw new NluError(
    'bad_config',
    `no component "${name}"; known are ${[...types.keys()].join(', ')}, own ones are given as components`,
  )
}
