/** Pictures that are a yes or a no, as messengers send them. */

const yes = new Set(['👍', '👌', '✅', '✔'])
const no = new Set(['👎', '❌', '✖'])

/** @returns null when the text is no such picture alone */
export function signOf(text: string): 'yes' | 'no' | null {
  // Without the tone of skin and the mark that asks for a picture.
  const sign = text.trim().replace(/\p{Emoji_Modifier}|\ufe0f/gu, '')
  return yes.has(sign) ? 'yes' : no.has(sign) ? 'no' : null
}
