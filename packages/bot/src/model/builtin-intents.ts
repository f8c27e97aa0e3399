/** Amazon's built-in intents: which are served here, and what users say for them when the bot does not. */
import type { LanguageDefaults } from './default-phrases.ts'

const served = new Set([
  'AMAZON.FallbackIntent',
  'AMAZON.HelpIntent',
  'AMAZON.CancelIntent',
  'AMAZON.StopIntent',
  'AMAZON.RepeatIntent',
  'AMAZON.YesIntent',
  'AMAZON.NoIntent',
  'AMAZON.PauseIntent',
  'AMAZON.ResumeIntent',
  'AMAZON.NextIntent',
  'AMAZON.PreviousIntent',
  'AMAZON.StartOverIntent',
])
const known = new Set([
  'AMAZON.KendraSearchIntent',
  'AMAZON.QnAIntent',
  'AMAZON.QnABotIntent',
  'AMAZON.QnASlotIntent',
  'AMAZON.QInConnectIntent',
  'AMAZON.BedrockAgentIntent',
  'AMAZON.TransferIntent',
])

/** What is wrong with the name of a built-in intent; null when it is served. */
export function builtinIntentProblem(name: string): string | null {
  if (served.has(name)) return null
  return known.has(name)
    ? `${name} is not supported; use one of ${[...served].join(', ')}`
    : `${name} is no built-in intent; there are ${[...served].join(', ')}`
}

/** Utterances for a built-in intent that was given none. */
export function builtinUtterances(name: string, defaults: LanguageDefaults): readonly string[] {
  switch (name) {
    case 'AMAZON.HelpIntent':
      return defaults.help
    case 'AMAZON.CancelIntent':
    case 'AMAZON.StopIntent':
      return defaults.phrases.cancel
    case 'AMAZON.RepeatIntent':
      return defaults.phrases.repeat
    case 'AMAZON.YesIntent':
      return defaults.phrases.yes
    case 'AMAZON.NoIntent':
      return defaults.phrases.no
    default:
      return []
  }
}
