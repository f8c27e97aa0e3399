/** What a bot says in a language when an archive has no words for it, as a definition without them would compile. */
import type { LocaleModel, StatementModel } from '../../model/bot-model.ts'
import { compilePrompt, compileStatement } from '../../model/compile-messages.ts'
import { languageDefaults } from '../../model/default-phrases.ts'
import { Issues } from '../../model/issues.ts'
import { builtinSlotType } from '../../slot-types/builtin-slot-types.ts'

export function languageWords(
  locale: string,
): Pick<LocaleModel, 'clarification' | 'abort' | 'phrases'> {
  const { clarification, clarificationRetry, abort, phrases } = languageDefaults(locale)
  const asking = { prompt: clarification, retries: [clarificationRetry] }
  const issues = new Issues()
  return {
    clarification: compilePrompt(asking, 'clarification', issues),
    abort: compileStatement(abort, 'abort', issues),
    phrases,
  }
}

/** A built-in slot type as a model spells it (`AMAZON.Date`), whichever generation wrote it (`AMAZON.DATE`). */
export function modelSlotType(name: string): string {
  return builtinSlotType(name)?.name ?? name
}

/** V2's newer bots decline without a word; a bot here says that it stopped. */
export function defaultRejection(locale: string): StatementModel {
  const { cancelled } = languageDefaults(locale).phrases
  return { groups: [[{ contentType: 'PlainText', content: cancelled }]], card: null }
}
