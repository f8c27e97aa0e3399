/** Prompts and statements of Lex V2's archive as a model has them. */
import type { z } from 'zod'
import type { Message, MessageGroup, PromptModel, StatementModel } from '../../model/bot-model.ts'
import type { v2Prompt, v2Response } from './v2-format.ts'

type Parsed<Schema extends z.ZodType> = z.output<Schema>

export function promptOf(prompt: Parsed<typeof v2Prompt> | null | undefined): PromptModel | null {
  const statement = statementOf(prompt)
  return (
    statement && {
      retries: prompt?.maxRetries ?? 0,
      selection: prompt?.messageSelectionStrategy ?? 'Random',
      groups: statement.groups,
      attempts: [],
      card: null,
    }
  )
}

export function statementOf(
  response: Parsed<typeof v2Response> | null | undefined,
): StatementModel | null {
  if (!response) return null
  const listed =
    response.messageGroupsList ?? response.messageGroupList ?? response.messageGroups ?? []
  const groups: MessageGroup[] = listed.map(({ message, variations }) =>
    [message, ...(variations ?? [])].flatMap(messageOf),
  )
  const said = groups.filter((group) => group.length > 0)
  return said.length === 0 ? null : { groups: said, card: null }
}

type V2Message = NonNullable<
  NonNullable<Parsed<typeof v2Response>['messageGroupsList']>[number]['variations']
>[number]

function messageOf(message: V2Message): readonly Message[] {
  const { plainTextMessage, ssmlMessage, customPayload, imageResponseCard: card } = message
  if (plainTextMessage) return [{ contentType: 'PlainText', content: plainTextMessage.value }]
  if (ssmlMessage) return [{ contentType: 'SSML', content: ssmlMessage.value }]
  if (customPayload) return [{ contentType: 'CustomPayload', content: customPayload.value }]
  if (!card) return []
  return [
    {
      contentType: 'ImageResponseCard',
      content: card.title,
      card: {
        title: card.title,
        ...(card.subtitle && { subTitle: card.subtitle }),
        ...(card.imageUrl && { imageUrl: card.imageUrl }),
        ...(card.buttons && { buttons: card.buttons }),
      },
    },
  ]
}
