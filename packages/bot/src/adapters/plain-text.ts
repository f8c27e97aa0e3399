/** What a bot says as plain texts, for messengers that know no cards, and long texts in parts that a messenger takes. */
import type { CardAttachment, Message, ResponseCard } from '../model/bot-model.ts'

/** One text a message; a card as its title, its lines and its buttons, each on a line of its own. */
export function plainTexts(messages: readonly Message[], card: ResponseCard | null): string[] {
  const texts = messages.map((message) => {
    if (message.contentType === 'SSML') return withoutTags(message.content)
    return message.card === undefined ? message.content : cardText(message.card)
  })
  for (const attachment of card?.attachments ?? []) texts.push(cardText(attachment))
  return texts.filter((text) => text.trim() !== '')
}

export function cardText(card: CardAttachment): string {
  const lines = [card.title, card.subTitle, card.attachmentLinkUrl]
  const buttons = (card.buttons ?? []).map(({ text }) => `- ${text}`)
  return [...lines, ...buttons].filter((line) => line !== undefined && line !== '').join('\n')
}

function withoutTags(ssml: string): string {
  return ssml
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/**
 * Parts of at most `limit` UTF-16 units, cut at the last line's end or space of each where there is one in its second half, never
 * inside a character. Joined by nothing but that space they are the text.
 */
export function splitText(text: string, limit: number): string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > limit) {
    let cut = Math.max(rest.lastIndexOf('\n', limit), rest.lastIndexOf(' ', limit))
    const atSpace = cut > limit / 2
    if (!atSpace) cut = splitsPair(rest, limit) ? limit - 1 : limit
    parts.push(rest.slice(0, cut))
    rest = rest.slice(atSpace ? cut + 1 : cut)
  }
  if (rest !== '' || parts.length === 0) parts.push(rest)
  return parts
}

/** At most `most` UTF-16 units of a text, the last one an ellipsis where it was cut; never half a character. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, splitsPair(text, most - 1) ? most - 2 : most - 1)}…`
}

function splitsPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at - 1)
  return unit >= 0xd800 && unit <= 0xdbff
}
