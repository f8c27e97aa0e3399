/** What a reply says, as one text: for tests, logs and programs that show no more. */

import type { Reply } from '../dialogue/effect.ts'
import { plainTexts } from './plain-text.ts'

/** Messages one a line, a card as its title, lines and buttons; '' when nothing is said. */
export function replyText({ reply }: { readonly reply: Reply | null }): string {
  return reply?.said ? plainTexts(reply.said.messages, reply.said.card).join('\n') : ''
}
