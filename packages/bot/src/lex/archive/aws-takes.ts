/**
 * What AWS would refuse of an archive that is good here, as warnings: Lex V1's model building (`lex-models`, 2017-04-19) and V2's
 * (`lexv2-models`, 2020-08-07) each take less than a bot here may have. Nothing is cut, so that what goes out comes in again the same.
 */
import type {
  BotModel,
  CardAttachment,
  LocaleModel,
  MessageGroup,
  SlotTypeModel,
  StatementModel,
} from '../../model/bot-model.ts'
import type { ArchiveWarnings } from './archive-warnings.ts'

export function warnOfV1(model: BotModel, locale: LocaleModel, warnings: ArchiveWarnings): void {
  const warn = warner('', warnings)
  const named = (path: string, name: string, most = 100) => {
    if (!/^(?:[A-Za-z]_?)+$/.test(name)) {
      warn(path, 'AWS takes letters and single underscores only in names of V1')
    }
    longer(warn, path, 'a name', name, most)
  }
  named('name', model.name, 50)
  longer(warn, 'description', 'a description', model.description, 200)
  if (!v1Locales.has(locale.locale)) {
    warn('locale', `AWS has no ${locale.locale} in V1; it has ${[...v1Locales].join(', ')}`)
  }
  for (const intent of locale.intents) {
    const path = `intents.${intent.name}`
    named(path, intent.name)
    longer(warn, `${path}.description`, 'a description', intent.description, 200)
    for (const name of intent.inputContexts) named(`${path}.contexts.input`, name)
    for (const { name } of intent.outputContexts) named(`${path}.contexts.output`, name)
    for (const text of intent.utterances)
      longer(warn, `${path}.utterances`, 'an utterance', text, 200)
    for (const hook of [intent.dialogHook, intent.fulfilmentHook]) {
      if (hook === null || lambdaArn.test(hook)) continue
      warn(path, `AWS takes ARNs of Lambda functions as hooks, not ${hook}; write it in before`)
    }
    for (const slot of intent.slots) {
      const here = `${path}.slots.${slot.name}`
      if (!/^(?:[A-Za-z][-_.]?)+$/.test(slot.name)) {
        warn(
          here,
          'AWS takes letters, with single -, _ and . between them, in names of slots of V1',
        )
      }
      for (const text of slot.utterances)
        longer(warn, `${here}.utterances`, 'an utterance', text, 200)
    }
  }
  for (const type of locale.slotTypes) {
    named(`slotTypes.${type.name}`, type.name)
    longer(warn, `slotTypes.${type.name}.description`, 'a description', type.description, 200)
    checkType(type, warn, 100)
  }
  eachStatement(locale, (path, { groups, card }) => {
    const messages = groups.flat().length
    if (messages > 15) warn(path, `AWS takes 15 messages in V1, not ${messages}`)
    for (const one of attachments(groups, card)) {
      longer(warn, path, 'a title', one.title, 80)
      longer(warn, path, 'a subtitle', one.subTitle, 80)
      for (const { text } of one.buttons ?? []) longer(warn, path, 'a button', text, 15)
    }
  })
}

/** @param path of the language, with a period at its end; empty for the bot's own */
export function warnOfV2(locale: LocaleModel, path: string, warnings: ArchiveWarnings): void {
  const warn = warner(path, warnings)
  for (const intent of locale.intents) {
    for (const slot of intent.slots) {
      const here = `intents.${intent.name}.slots.${slot.name}`
      if (slot.name.includes('.'))
        warn(
          here,
          'AWS takes no periods in names of V2; parts of a composite slot go out as slots of their own',
        )
      if (slot.multiple && locale.locale !== 'en_US') {
        warn(here, 'AWS takes slots of several values in en_US only')
      }
    }
  }
  for (const type of locale.slotTypes) checkType(type, warn, 300)
  eachStatement(locale, (at, { groups, card }) => {
    if (groups.some((group) => group.length > 3)) {
      warn(at, 'AWS takes a message and two variations of it in V2, not more')
    }
    for (const one of attachments(groups, card)) {
      longer(warn, at, 'the address of an image', one.imageUrl, 250)
      for (const { value } of one.buttons ?? []) longer(warn, at, "a button's value", value, 50)
    }
  })
}

type Warn = (path: string, what: string) => void

const warner =
  (prefix: string, warnings: ArchiveWarnings): Warn =>
  (path, what) =>
    warnings.add(prefix + path, what)

const v1Locales = new Set(
  'de_DE en_AU en_GB en_IN en_US es_419 es_ES es_US fr_FR fr_CA it_IT ja_JP ko_KR'.split(' '),
)
const lambdaArn = /^arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(?:[/:][\w-]+)*$/

function longer(
  warn: Warn,
  path: string,
  what: string,
  text: string | undefined,
  most: number,
): void {
  if (text === undefined || text.length <= most) return
  warn(path, `AWS takes ${what} of at most ${most} characters here, not ${text.length}`)
}

function checkType(type: SlotTypeModel, warn: Warn, patternLength: number): void {
  const path = `slotTypes.${type.name}`
  const { parent, pattern, values } = type
  if (parent !== null && parent !== 'AMAZON.AlphaNumeric') {
    warn(path, `AWS extends AMAZON.AlphaNumeric only, not ${parent}`)
  }
  if (pattern === null) {
    if (values.length === 0 && parent === null) warn(path, 'AWS takes no type without values')
    return
  }
  longer(warn, `${path}.pattern`, 'a pattern', pattern, patternLength)
  if (parent === null)
    warn(path, 'AWS takes a pattern only of a type that extends AMAZON.AlphaNumeric')
  // What is escaped, or in brackets, means itself.
  const bare = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '')
  if (/[*+.]|\{\d+,\}/.test(bare)) {
    warn(`${path}.pattern`, 'AWS takes no *, +, {n,} and no period in a pattern')
  }
}

function eachStatement(
  locale: LocaleModel,
  visit: (path: string, said: Pick<StatementModel, 'groups' | 'card'>) => void,
): void {
  const statement = (path: string, said: StatementModel | null | undefined) => {
    if (said) visit(path, said)
  }
  statement('clarification', locale.clarification)
  statement('abort', locale.abort)
  for (const intent of locale.intents) {
    const path = `intents.${intent.name}`
    statement(`${path}.confirmation`, intent.confirmation?.prompt)
    statement(`${path}.confirmation.rejection`, intent.confirmation?.rejection)
    statement(`${path}.followUp`, intent.followUp?.prompt)
    statement(`${path}.followUp.rejection`, intent.followUp?.rejection)
    statement(`${path}.success`, intent.success)
    statement(`${path}.failure`, intent.failure)
    statement(`${path}.closing`, intent.closing)
    for (const slot of intent.slots) statement(`${path}.slots.${slot.name}.prompt`, slot.prompt)
  }
}

function attachments(
  groups: readonly MessageGroup[],
  card: StatementModel['card'],
): readonly CardAttachment[] {
  return [...groups.flat().flatMap((message) => message.card ?? []), ...(card?.attachments ?? [])]
}
