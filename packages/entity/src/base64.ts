/** Base64 (RFC 4648, section 4) to bytes and back, without Node's Buffer. */

/** @throws {DOMException} `InvalidCharacterError` when `text` is not base64 */
export function fromBase64(text: string): Uint8Array {
  const characters = atob(text)
  const bytes = new Uint8Array(characters.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at)
  return bytes
}

export function toBase64(bytes: Uint8Array): string {
  let characters = ''
  // In pieces: a call takes a limited number of arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    characters += String.fromCharCode(...bytes.subarray(at, at + 8192))
  }
  return btoa(characters)
}
