/**
 * An intent while somebody types: what the form began from, what it holds, and what others made of the intent meanwhile.
 * What was typed is never replaced unasked: an untouched form follows the others, a touched one waits for a choice.
 */
import { type Cell, cell, computed, type Readable } from '@typestead/screens'
import type { BotShape, IntentShape } from './bot-shape.ts'
import { changed, formOf, type IntentForm, localeOf } from './edit-bot.ts'

/** What others made of it; null: they took it away. */
export interface Theirs {
  readonly intent: IntentShape | null
}

export class EditedIntent {
  readonly name: string
  /** As the draft has it, or had it last. */
  readonly #base: Cell<IntentShape>
  /** Whether the draft has it; false once others took it away and the form was kept. */
  #isThere = true
  readonly #form: Cell<IntentForm>
  readonly #theirs = cell<Theirs | undefined>(undefined)
  readonly form: Readable<IntentForm>
  /** There while a choice is due. */
  readonly theirs: Readable<Theirs | undefined> = this.#theirs.readonly()
  readonly isTouched: Readable<boolean>
  #isSaving = false
  /** What came while it was saved. */
  #missed: BotShape | undefined

  constructor(intent: IntentShape) {
    this.name = intent.name
    this.#base = cell(intent)
    this.#form = cell(formOf(intent))
    this.form = this.#form.readonly()
    this.isTouched = computed(() => !isSame(this.#form.value, formOf(this.#base.value)))
  }

  put(changes: Partial<IntentForm>): void {
    this.#form.update((before) => ({ ...before, ...changes }))
  }

  /** The intent as the form has it. */
  result(): IntentShape {
    return changed(this.#base.peek(), this.#form.peek())
  }

  /** Whether a draft has the intent as the form began from it; where it has another, that waits for a choice. */
  agrees(bot: BotShape): boolean {
    const intent = this.#in(bot)
    if (this.#isBase(intent)) return true
    this.#theirs.set({ intent })
    return false
  }

  /** The draft as it is now; while it is saved, that tells. */
  found(bot: BotShape): void {
    if (this.#isSaving) {
      this.#missed = bot
      return
    }
    const intent = this.#in(bot)
    if (this.#isBase(intent)) this.#theirs.set(undefined)
    else if (this.isTouched.peek()) this.#theirs.set({ intent })
    else if (intent !== null) this.#begin(intent)
  }

  /** The form begins anew from theirs. */
  takeTheirs(): void {
    const intent = this.#theirs.peek()?.intent
    if (intent) this.#begin(intent)
  }

  /** The form stays; what it does not show is theirs from here on. */
  keepMine(): void {
    const theirs = this.#theirs.peek()
    if (theirs === undefined) return
    this.#isThere = theirs.intent !== null
    if (theirs.intent !== null) this.#base.set(theirs.intent)
    this.#theirs.set(undefined)
  }

  /** @param save gives the draft that was built, or undefined where none was; so does this */
  async saving(save: () => Promise<BotShape | undefined>): Promise<BotShape | undefined> {
    const sent = this.#form.peek()
    this.#isSaving = true
    this.#missed = undefined
    try {
      const built = await save()
      const intent = built === undefined ? null : this.#in(built)
      if (intent === null) return undefined
      // What was typed meanwhile stays.
      const typed = this.#form.peek()
      this.#begin(intent)
      this.#missed = undefined
      if (typed !== sent) this.#form.set(typed)
      return built
    } finally {
      this.#isSaving = false
      if (this.#missed !== undefined) this.found(this.#missed)
    }
  }

  #in(bot: BotShape): IntentShape | null {
    return localeOf(bot).intents.find(({ name }) => name === this.name) ?? null
  }

  #isBase(intent: IntentShape | null): boolean {
    return intent === null ? !this.#isThere : this.#isThere && isSame(intent, this.#base.peek())
  }

  #begin(intent: IntentShape): void {
    this.#isThere = true
    this.#base.set(intent)
    this.#form.set(formOf(intent))
    this.#theirs.set(undefined)
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
