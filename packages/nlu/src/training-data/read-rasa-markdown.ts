/** Rasa's Markdown: `## intent:…`, `## synonym:…`, `## lookup:…`, `## regex:…`, each with a list; `<!-- contexts: a, b -->` under an intent. */
import { NluError } from '../nlu-error.ts'
import { readAnnotatedText } from './annotated-text.ts'
import type { Example, LookupTable, RegexFeature, Synonym, TrainingData } from './training-data.ts'

const heading = /^##\s*(intent|synonym|lookup|regex)\s*:\s*(.+?)\s*$/i
const item = /^\s*[-*+]\s+(.*?)\s*$/
const contextComment = /^\s*<!--\s*contexts:\s*(.*?)\s*-->\s*$/

/** @throws {NluError} bad_data, naming file and line */
export async function readRasaMarkdown(
  markdown: string,
  file: string,
  lookupFile: (name: string) => Promise<string[]>,
): Promise<TrainingData> {
  const examples: Example[] = []
  const synonyms: (Synonym & { variants: string[] })[] = []
  const lookups: (LookupTable & { values: string[] })[] = []
  const regexes: RegexFeature[] = []
  const contexts: Record<string, string[]> = {}
  let section: { kind: string; name: string } | undefined
  let comment = false
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const source = { file, line: index + 1 }
    const [, kind, name] = heading.exec(line) ?? []
    if (kind !== undefined && name !== undefined) {
      section = { kind: kind.toLowerCase(), name }
      if (section.kind === 'synonym') synonyms.push({ value: name, variants: [], source })
      if (section.kind === 'lookup') lookups.push({ name, values: [], source })
      continue
    }
    const listed = contextComment.exec(line)?.[1]
    if (listed !== undefined && section?.kind === 'intent') {
      contexts[section.name] = listed.split(',').map((part) => part.trim())
      continue
    }
    if (comment || line.trimStart().startsWith('<!--')) {
      comment = !line.includes('-->')
      continue
    }
    if (line.trim() === '' || /^#\s/.test(line)) continue
    if (!section)
      throw new NluError(
        'bad_data',
        `${file}:${source.line}: text before the first "## intent:…" heading`,
      )
    const content = item.exec(line)?.[1]
    if (content === undefined) {
      const path = section.kind === 'lookup' ? line.trim() : undefined
      if (path === undefined) {
        throw new NluError(
          'bad_data',
          `${file}:${source.line}: expected a list item ("- …") or a "## …:…" heading`,
        )
      }
      lookups.at(-1)?.values.push(...(await lookupFile(path)))
      continue
    }
    if (section.kind === 'intent')
      examples.push({ ...readAnnotatedText(content, source), intent: section.name, source })
    else if (section.kind === 'synonym') synonyms.at(-1)?.variants.push(content)
    else if (section.kind === 'lookup') lookups.at(-1)?.values.push(content)
    else regexes.push({ name: section.name, pattern: content, source })
  }
  return { examples, synonyms, lookups, regexes, contexts }
}
