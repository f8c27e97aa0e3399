/** The article's data trained, and its sentences understood. */
import { fileURLToPath } from 'node:url'
import { loadTrainingData, type NluModel, type ParseResult, train } from '@typestead/nlu'

export const sentences = [
  'my phone is not turning on',
  'My internet isn’t working since morning',
  'Book a hotel for me in San Francisco on 20th April 2017',
]

export async function supportModel(): Promise<NluModel> {
  return train(await loadTrainingData([fileURLToPath(new URL('./nlu.json', import.meta.url))]))
}

/** One line: the intent with its confidence, and what was found in the sentence. */
export function summary({ text, intent, entities }: ParseResult): string {
  const found = entities.map(({ entity, value, text: typed }) => `${entity}=${typed ?? value}`)
  return `${text}\n  ${intent?.name} ${intent?.confidence.toFixed(2)}  ${found.join(', ')}`
}
