/** Reads training files of every format that is understood, told apart by name and content, and merges them. */
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import { NluError } from '../nlu-error.ts'
import { readJsonLines, readRasaJson } from './read-rasa-json.ts'
import { readRasaMarkdown } from './read-rasa-markdown.ts'
import { readRasaYaml } from './read-rasa-yaml.ts'
import { mergeData, type TrainingData } from './training-data.ts'

/**
 * @param files .json (Rasa 0.x), .md, .yml/.yaml (Rasa 2.0 to 3.1), .jsonl (`{"text","intent","entities"}` a line)
 * @throws {NluError} not_found, or bad_data naming file and line
 */
export async function loadTrainingData(files: readonly string[]): Promise<TrainingData> {
  return mergeData(await Promise.all(files.map(loadFile)))
}

/** Reads text that is not in a file; `name` tells the format by its extension and is what errors name. */
export async function readTrainingData(text: string, name: string): Promise<TrainingData> {
  return read(text, name, async (path) => {
    throw new NluError(
      'bad_data',
      `${name}: lookup table ${path} is a file; list its values instead`,
    )
  })
}

async function loadFile(file: string): Promise<TrainingData> {
  const text = await readText(file)
  return read(text, file, async (path) => {
    const full = isAbsolute(path) ? path : resolve(dirname(file), path)
    return (await readText(full))
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  })
}

async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\ufeff/, '')
  } catch (cause) {
    throw new NluError('not_found', `cannot read ${file}; check the path`, { cause })
  }
}

async function read(
  text: string,
  name: string,
  lookupFile: (path: string) => Promise<string[]>,
): Promise<TrainingData> {
  if (/\.(ya?ml)$/i.test(name)) return readRasaYaml(text, name)
  if (/\.(md|markdown)$/i.test(name)) return readRasaMarkdown(text, name, lookupFile)
  if (/\.(jsonl|ndjson)$/i.test(name)) return readJsonLines(text, name)
  if (/\.json$/i.test(name)) return readRasaJson(text, name, lookupFile)
  throw new NluError('bad_data', `${name}: unknown format; use .json, .md, .yml or .jsonl`)
}
