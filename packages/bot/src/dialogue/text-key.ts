/** What two texts have in common that differ only in case, marks and spaces. */
export function textKey(text: string): string {
  const lower = text.toLowerCase()
  // Most answers are plain words already.
  if (/^[a-z0-9]+(?: [a-z0-9]+)*$/.test(lower)) return lower
  return lower
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}%+]+/gu, ' ')
    .trim()
}
