/** What a bot says as messages of the Send API: texts of at most 2,000 characters, cards as generic templates. */
import type { CardAttachment, Message, ResponseCard } from '../../model/bot-model.ts'
import { cardText, cutText, plainTexts, splitText } from '../plain-text.ts'

const longestText = 2_000

export function messengerMessages(
  messages: readonly Message[],
  card: ResponseCard | null,
): readonly object[] {
  const said = messages.flatMap((message) => {
    if (message.card !== undefined) return cards([message.card])
    return plainTexts([message], null).flatMap((one) =>
      splitText(one, longestText).map((text) => ({ text })),
    )
  })
  return [...said, ...cards(card?.attachments ?? [])]
}

/** At most ten elements of at most three buttons; a card with more of them becomes a text with quick replies. */
function cards(attachments: readonly CardAttachment[]): object[] {
  return attachments.map((card) => {
    const buttons = card.buttons ?? []
    if (buttons.length > 3) return quickReplies(card)
    const element = {
      title: cutText(card.title, 80),
      ...(card.subTitle ? { subtitle: cutText(card.subTitle, 80) } : {}),
      ...(card.imageUrl ? { image_url: card.imageUrl } : {}),
      ...(card.attachmentLinkUrl
        ? { default_action: { type: 'web_url', url: card.attachmentLinkUrl } }
        : {}),
      ...(buttons.length === 0 ? {} : { buttons: buttons.map(postback) }),
    }
    const payload = { template_type: 'generic', elements: [element] }
    return { attachment: { type: 'template', payload } }
  })
}

function postback({ text, value }: { readonly text: string; readonly value: string }): object {
  return { type: 'postback', title: cutText(text, 20), payload: value.slice(0, 1_000) }
}

function quickReplies(card: CardAttachment): object {
  return {
    text: cutText(cardText({ ...card, buttons: [] }), longestText),
    quick_replies: (card.buttons ?? []).map(({ text, value }) => ({
      content_type: 'text',
      title: cutText(text, 20),
      payload: value.slice(0, 1_000),
    })),
  }
}
