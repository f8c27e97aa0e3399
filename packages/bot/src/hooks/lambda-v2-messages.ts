/** Messages and cards that a handler of Lex's V2 events answers. */
import type { CardAttachment, Message } from '../model/bot-model.ts'
import { below, fieldsAt, given, listAt, oneOf, textAt, type Warn } from './answer-reader.ts'

export function readMessage(path: string, value: unknown, warn: Warn): Message {
  const fields = fieldsAt(path, value, ['contentType', 'content', 'imageResponseCard'], warn)
  const contentType = oneOf(below(path, 'contentType'), fields.value.contentType, [
    'PlainText',
    'SSML',
    'CustomPayload',
    'ImageResponseCard',
  ])
  const { content, imageResponseCard } = fields.value
  if (contentType !== 'ImageResponseCard')
    return { contentType, content: textAt(below(path, 'content'), content, 1024) }
  const at = below(path, 'imageResponseCard')
  const card = readCard(at, imageResponseCard, warn)
  return {
    contentType,
    content: given(content) ? textAt(below(path, 'content'), content, 1024) : card.title,
    card,
  }
}

function readCard(path: string, value: unknown, warn: Warn): CardAttachment {
  const fields = fieldsAt(path, value, ['title', 'subtitle', 'imageUrl', 'buttons'], warn)
  const { subtitle, imageUrl, buttons } = fields.value
  return {
    title: textAt(below(path, 'title'), fields.value.title, 250),
    ...(given(subtitle) ? { subTitle: textAt(below(path, 'subtitle'), subtitle, 250) } : {}),
    ...(given(imageUrl) ? { imageUrl: textAt(below(path, 'imageUrl'), imageUrl, 250) } : {}),
    ...(given(buttons)
      ? {
          buttons: listAt(below(path, 'buttons'), buttons, 5, (at, one) => {
            const button = fieldsAt(at, one, ['text', 'value'], warn)
            return {
              text: textAt(below(at, 'text'), button.value.text, 50),
              value: textAt(below(at, 'value'), button.value.value, 50),
            }
          }),
        }
      : {}),
  }
}
