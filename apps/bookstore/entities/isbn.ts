/** ISBN-13 (ISO 2108): twelve digits and a thirteenth that makes the sum, weighted 1 and 3 in turn, a multiple of ten. */

export function isIsbn13(isbn: string): boolean {
  return /^97[89]\d{10}$/.test(isbn) && isbn13(isbn.slice(0, 12)) === isbn
}

/** The ISBN of twelve digits, its last digit added. */
export function isbn13(twelve: string): string {
  let sum = 0
  for (let at = 0; at < 12; at++) sum += Number(twelve[at]) * (at % 2 === 0 ? 1 : 3)
  return `${twelve}${(10 - (sum % 10)) % 10}`
}
