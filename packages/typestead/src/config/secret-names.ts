/** The secrets that an app has: those that its config lists, and those of the parts that it uses. */
import { botSecrets } from '../bots/bots-config.ts'
import { nluToken } from '../nlu/nlu-config.ts'
import type { AppConfig } from './define-config.ts'

export function secretNames({ secrets = [], nlu, bots }: AppConfig): readonly string[] {
  return [
    ...new Set([
      ...secrets,
      ...(nlu === undefined ? [] : [nluToken]),
      ...(bots === undefined ? [] : botSecrets(bots)),
    ]),
  ]
}
