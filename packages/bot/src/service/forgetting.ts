/**
 * Forgets a person in a bot: conversations, memory, what waits for them or was given up, and what their messenger keeps here. What
 * they say afterwards begins anew, and so does a turn that was under way. Ids of their messages stay known for their days: they hold
 * no words, and a storm of repeats must not bring anything back.
 */
import type { Journal } from '@typestead/journal'
import type { OutgoingMessage } from '../adapters/adapter.ts'
import { BotError } from '../bot-error.ts'
import type { Happenings } from './happenings.ts'
import {
  beginForgetting,
  type Person,
  personNamed,
  personOfConversation,
  placesOf,
  removePerson,
} from './kept/forget-person.ts'
import { inTransaction } from './kept/in-transaction.ts'
import { forgetIds, incomingQueue, type Waiting } from './messages/intake.ts'
import type { Messengers } from './messages/messengers.ts'
import type { Forgotten, WhomToForget } from './service-contract.ts'
import { outgoingQueue } from './turns/turn-commit.ts'

export class Forgetting {
  readonly #journal: Journal
  readonly #messengers: Messengers
  readonly #happenings: Happenings

  constructor(journal: Journal, messengers: Messengers, happenings: Happenings) {
    this.#journal = journal
    this.#messengers = messengers
    this.#happenings = happenings
  }

  /** @throws {BotError} BAD_INPUT, NOT_FOUND */
  async forget(whom: WhomToForget): Promise<Forgotten> {
    const person = await this.#find(whom)
    const places = await placesOf(this.#journal, person)
    // Before, so that one that fails leaves all to be asked for again; and after, for what a turn put there meanwhile.
    await this.#messengers.forget(person, places)
    const removed = await inTransaction(this.#journal, async (tx) => {
      await beginForgetting(this.#journal, tx)
      const messages = await this.#withdraw(person, tx)
      return { ...(await removePerson(this.#journal, tx, person)), messages }
    })
    await this.#messengers.forget(person, places)
    this.#happenings.tell({ type: 'forgotten', bot: person.bot })
    return { ...person, ...removed }
  }

  async #find(whom: WhomToForget): Promise<Person> {
    if ('conversation' in whom) {
      const found = await personOfConversation(this.#journal, whom.conversation)
      if (found) return found
      throw new BotError('NOT_FOUND', `there is no conversation "${whom.conversation}"`)
    }
    const { bot, user, channel } = whom
    for (const [name, value] of Object.entries({ bot, user, channel: channel ?? 'none' })) {
      if (typeof value !== 'string' || value === '' || value.includes('\0'))
        throw new BotError('BAD_INPUT', `${name} must be text of one character or more`)
    }
    if (channel === undefined) return personNamed(this.#journal, bot, user)
    return { bot, channel, user }
  }

  /** What they said and nobody has answered yet, and answers that have not gone out. */
  async #withdraw(
    { bot, channel, user }: Person,
    tx: Parameters<typeof beginForgetting>[1],
  ): Promise<number> {
    if (channel === null) return 0
    const options = { in: tx, containing: user }
    const said = await this.#journal.withdraw<Waiting>(
      incomingQueue(channel),
      ({ key, message }) => key.bot === bot && message.user === user,
      options,
    )
    // Nobody has answered these: said again, they are new.
    const ids = said.flatMap(({ payload }) => (payload as Waiting).message)
    await forgetIds(this.#journal, tx, ids)
    const answers = await this.#journal.withdraw<OutgoingMessage>(
      outgoingQueue(channel),
      (message) => message.user === user,
      options,
    )
    return said.length + answers.length
  }
}
