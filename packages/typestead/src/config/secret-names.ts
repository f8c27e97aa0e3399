/** The secrets that an app has: those that its config lists, and those of the parts that it uses. */
import { nluToken } from '../nlu/nlu-config.ts'
import type { AppConfig } from './define-config.ts'

export function secretNames({ secrets = [], nlu }: AppConfig): readonly string[] {
  return nlu === undefined ? secrets : [...new Set([...secrets, nluToken])]
}
