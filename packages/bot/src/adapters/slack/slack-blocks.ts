/** What a bot says as Slack's messages: a text each, a card as blocks with its buttons beside the same words as text. */
import type { CardAttachment, Message, ResponseCard } from '../../model/bot-model.ts'
import { cardText, cutText, plainTexts, splitText } from '../plain-text.ts'

/** Arguments of `chat.postMessage`. */
export interface SlackPost {
  readonly text: string
  readonly blocks?: readonly object[]
}

/** Slack advises 4,000 and cuts off at 40,000. */
const longestText = 4_000

export function slackPosts(
  messages: readonly Message[],
  card: ResponseCard | null,
): readonly SlackPost[] {
  const said = messages.flatMap((message) => {
    if (message.card !== undefined) return [cardPost(message.card)]
    return plainTexts([message], null).flatMap(textPosts)
  })
  return [...said, ...(card?.attachments ?? []).map(cardPost)]
}

function textPosts(text: string): SlackPost[] {
  return splitText(text, longestText).map((part) => ({ text: escaped(part) }))
}

function cardPost(card: CardAttachment): SlackPost {
  const words = [`*${escaped(card.title)}*`]
  if (card.subTitle) words.push(escaped(card.subTitle))
  if (card.attachmentLinkUrl) words.push(`<${escaped(card.attachmentLinkUrl)}>`)
  const image = card.imageUrl
    ? {
        accessory: {
          type: 'image',
          image_url: card.imageUrl,
          alt_text: cutText(card.title, 2_000),
        },
      }
    : {}
  const section = {
    type: 'section',
    text: { type: 'mrkdwn', text: cutText(words.join('\n'), 3_000) },
    ...image,
  }
  const elements = (card.buttons ?? []).map(({ text, value }, at) => ({
    type: 'button',
    action_id: `typestead-${at}`,
    text: { type: 'plain_text', text: cutText(text, 75) },
    value: cutText(value, 2_000),
  }))
  const actions = elements.length === 0 ? [] : [{ type: 'actions', elements }]
  return {
    text: cutText(escaped(cardText(card)), longestText),
    blocks: [section, ...actions],
  }
}

/** A person's words may hold what Slack would read as a mention of everybody. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
