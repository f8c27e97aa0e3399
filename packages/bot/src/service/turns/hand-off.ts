/** A person takes a conversation over, speaks in it, and hands it back to the bot. */
import { randomUUID } from 'node:crypto'
import { BotError } from '../../bot-error.ts'
import type { Said } from '../../dialogue/session.ts'
import { parseConversationId } from '../kept/conversation-id.ts'
import type { ConversationRunner } from './conversation-runner.ts'
import { plain } from './turn-commit.ts'
import type { Happened, TurnInput } from './turn-input.ts'

/** Characters of what a person says at once. */
const textLimit = 8_000

export class HandOff {
  readonly #runner: ConversationRunner

  constructor(runner: ConversationRunner) {
    this.#runner = runner
  }

  /** @throws {BotError} NOT_FOUND, BAD_INPUT, CONFLICT when another person has it */
  async takeOver(id: string, person: string): Promise<void> {
    checkPerson(person)
    await this.#happen(id, { type: 'takenOver', person }, (session) => {
      if (session.person === null || session.person === person) return
      throw new BotError(
        'CONFLICT',
        `${session.person} has this conversation; ask them to hand it back`,
      )
    })
  }

  /** @throws {BotError} NOT_FOUND, BAD_INPUT, CONFLICT when the person has not taken it over */
  async say(id: string, person: string, text: string): Promise<void> {
    checkPerson(person)
    const words = plain(text).trim()
    if (words === '' || words.length > textLimit)
      throw new BotError('BAD_INPUT', `say something, of at most ${textLimit} characters`)
    const said: Said = { messages: [{ contentType: 'PlainText', content: words }], card: null }
    await this.#happen(id, { type: 'personSaid', person, said }, (session, target) => {
      if (session.person !== person)
        throw new BotError('CONFLICT', 'take the conversation over before you speak in it')
      if (target === null) {
        throw new BotError(
          'BAD_INPUT',
          `"${id}" has no messenger: its caller asks for answers and is not told of others`,
        )
      }
    })
  }

  /** @throws {BotError} NOT_FOUND */
  async handBack(id: string): Promise<void> {
    await this.#happen(id, { type: 'handedBack' }, () => {})
  }

  async #happen(id: string, happened: Happened, check: NonNullable<TurnInput['check']>) {
    await this.#runner.run({
      key: parseConversationId(id),
      id,
      turn: randomUUID(),
      request: null,
      happened,
      target: null,
      locale: undefined,
      onlyKnown: true,
      check,
    })
  }
}

function checkPerson(person: string): void {
  if (person.trim() !== '' && person.length <= 200 && plain(person) === person) return
  throw new BotError('BAD_INPUT', 'person must be a name of 1 to 200 characters')
}
