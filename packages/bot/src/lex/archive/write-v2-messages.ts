/** Prompts and statements of a model as Lex V2's archive has them; what V2 has no words for is warned of. */
import type {
  CardAttachment,
  Message,
  MessageGroup,
  PromptModel,
  StatementModel,
} from '../../model/bot-model.ts'
import type { ArchiveWarnings } from './archive-warnings.ts'
import type { V2Groups, V2Message, V2Prompt, V2Response } from './v2-format.ts'

export function promptOf(prompt: PromptModel, path: string, warnings: ArchiveWarnings): V2Prompt {
  const ordered = asOrdered(prompt)
  if (prompt.attempts.length > 0) {
    warnings.add(
      path,
      ordered
        ? 'the wording of each retry becomes variations that are said in their order'
        : 'V2 has no wording of its own for each retry; left out',
    )
  }
  const { groups, selection } = ordered ?? prompt
  return {
    ...responseOf({ groups, card: prompt.card }, path, warnings),
    maxRetries: prompt.retries,
    messageSelectionStrategy: selection,
    promptAttemptsSpecification: Object.fromEntries(
      attemptNames.slice(0, prompt.retries + 1).map((name) => [name, listening]),
    ),
  }
}

const attemptNames = ['Initial', 'Retry1', 'Retry2', 'Retry3', 'Retry4', 'Retry5']

/** How long is listened to a caller, as AWS has it when nobody says; in milliseconds. */
const listening = {
  allowInterrupt: true,
  allowedInputTypes: { allowAudioInput: true, allowDTMFInput: true },
  audioAndDTMFInputSpecification: {
    startTimeoutMs: 4000,
    audioSpecification: { maxLengthMs: 15_000, endTimeoutMs: 640 },
    dtmfSpecification: {
      maxLength: 513,
      endTimeoutMs: 5000,
      deletionCharacter: '*',
      endCharacter: '#',
    },
  },
  textInputSpecification: { startTimeoutMs: 30_000 },
}

/** One message, and one for each retry, can be told as variations of one message in their order. */
function asOrdered(prompt: PromptModel): Pick<PromptModel, 'groups' | 'selection'> | undefined {
  const askings = [prompt.groups, ...prompt.attempts]
  const single = askings.every((groups) => groups.length === 1 && groups[0]?.length === 1)
  if (prompt.attempts.length === 0 || !single || askings.length > 5) return undefined
  return { groups: [askings.flatMap((groups) => groups[0] ?? [])], selection: 'Ordered' }
}

export function responseOf(
  { groups, card }: StatementModel,
  path: string,
  warnings: ArchiveWarnings,
): V2Response {
  const cards: MessageGroup[] = (card?.attachments ?? []).map((attachment) => [
    { contentType: 'ImageResponseCard', content: attachment.title, card: attachment },
  ])
  if (cards.length > 0) warnings.add(path, 'V2 has cards as messages; the card becomes one')
  const all = [...groups, ...cards]
  if (all.length > 5) warnings.add(path, 'V2 takes five groups of messages; the rest is left out')
  const messageGroupsList: V2Groups = all.slice(0, 5).flatMap((group) => {
    const [message, ...variations] = group.map((one) => messageOf(one, path, warnings))
    if (message === undefined) return []
    return [{ message, variations: variations.length === 0 ? null : variations }]
  })
  return { messageGroupsList, allowInterrupt: true }
}

function messageOf(message: Message, path: string, warnings: ArchiveWarnings): V2Message {
  const none = {
    plainTextMessage: null,
    ssmlMessage: null,
    customPayload: null,
    imageResponseCard: null,
  }
  const value = { value: message.content }
  switch (message.contentType) {
    case 'PlainText':
      return { ...none, plainTextMessage: value }
    case 'SSML':
      return { ...none, ssmlMessage: value }
    case 'CustomPayload':
      return { ...none, customPayload: value }
    default:
      return {
        ...none,
        imageResponseCard: cardOf(
          message.card ?? { title: message.content },
          message,
          path,
          warnings,
        ),
      }
  }
}

function cardOf(
  card: CardAttachment,
  message: Message,
  path: string,
  warnings: ArchiveWarnings,
): NonNullable<V2Message['imageResponseCard']> {
  if (card.attachmentLinkUrl !== undefined) {
    warnings.add(path, 'V2 has no links on cards; left out')
  }
  if (card.title !== message.content || message.card === undefined) {
    warnings.add(path, 'a card has no text beside its title')
  }
  return {
    title: card.title,
    subtitle: card.subTitle ?? null,
    imageUrl: card.imageUrl ?? null,
    buttons: card.buttons ? card.buttons.map(({ text, value }) => ({ text, value })) : null,
  }
}
