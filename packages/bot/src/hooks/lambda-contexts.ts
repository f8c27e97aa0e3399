/** Active contexts on their way to a handler and back. */
import type { ActiveContext } from '../dialogue/session.ts'
import {
  below,
  fieldsAt,
  listAt,
  mostAttributes,
  textAt,
  textsAt,
  type Warn,
  wholeAt,
} from './answer-reader.ts'

export function secondsLeft(context: ActiveContext, now: number): number {
  return Math.max(0, Math.ceil((context.expiresAt - now) / 1000))
}

/** Contexts are written alike in both versions. */
export function readContexts(
  path: string,
  value: unknown,
  now: number,
  warn: Warn,
): ActiveContext[] {
  return listAt(path, value, 20, (at, one) => {
    const known = ['name', 'timeToLive', 'parameters', 'contextAttributes']
    const fields = fieldsAt(at, one, known, warn)
    const live = below(at, 'timeToLive')
    const { timeToLiveInSeconds, turnsToLive } = fieldsAt(
      live,
      fields.value.timeToLive,
      ['timeToLiveInSeconds', 'turnsToLive'],
      warn,
    ).value
    const parameters = fields.value.parameters ?? fields.value.contextAttributes ?? {}
    return {
      name: textAt(below(at, 'name'), fields.value.name, 100),
      turnsToLive: wholeAt(below(live, 'turnsToLive'), turnsToLive, 0, 20),
      expiresAt:
        now + 1000 * wholeAt(below(live, 'timeToLiveInSeconds'), timeToLiveInSeconds, 0, 86_400),
      parameters: textsAt(below(at, 'parameters'), parameters, mostAttributes),
    }
  })
}
