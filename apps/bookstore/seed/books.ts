/** The seeded catalogue: known books first, then invented ones, no two with the same title. */
import { genres } from '../entities/book.ts'
import { isbn13 } from '../entities/isbn.ts'
import type { SeededAuthor } from './authors.ts'
import { ascendingInstants, isoDay } from './calendar.ts'
import { Random } from './random.ts'
import { seedId } from './seed-id.ts'
import { type KnownBook, knownBooks } from './words/known-books.ts'
import { firstNames } from './words/people.ts'
import { closings, middles, openings } from './words/texts.ts'
import { type Genre, places, titleWords } from './words/titles.ts'

export interface SeededBook {
  readonly id: string
  readonly isbn: string
  readonly title: string
  readonly subtitle: string | null
  readonly genre: Genre
  readonly language: 'en' | 'de' | 'fr' | 'es' | 'hi' | 'zh'
  readonly pages: number
  readonly price: string
  readonly stock: number
  readonly publishedOn: string
  readonly description: string
  readonly author: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export function seedBooks(many: number, authors: readonly SeededAuthor[]): SeededBook[] {
  const random = new Random('books')
  const titles = new Set(knownBooks.map(({ title }) => title))
  const living = authors.filter(({ bornIn }) => bornIn === null || bornIn > 1920)
  return ascendingInstants(random, many).map((createdAt, index) => {
    const known = knownBooks[index]
    const genre = known?.genre ?? random.pick(genres)
    return {
      id: seedId('book', index, createdAt),
      isbn: isbn13(known?.isbn ?? `9798${String(index * 7919 + 10_000_000)}`),
      title: known?.title ?? newTitle(random, genre, titles),
      subtitle: known ? (known.subtitle ?? null) : newSubtitle(random, genre),
      genre,
      language: known || random.chance(0.85) ? 'en' : random.pick(['de', 'fr', 'es', 'hi', 'zh']),
      pages: known?.pages ?? pages(random, genre),
      price: `${random.int(5, 34)}.${random.pick(['00', '50', '90', '95', '99'])}`,
      stock: random.chance(0.05) ? 0 : random.int(1, 120),
      publishedOn: publishedOn(random, known),
      description: description(random, genre),
      author: (knownAuthor(authors, known) ?? random.pick(living)).id,
      createdAt,
      updatedAt: createdAt,
    }
  })
}

function newTitle(random: Random, genre: Genre, titles: Set<string>): string {
  const { patterns, adjectives, things } = titleWords[genre]
  for (let volume = 1; ; volume++) {
    const plain = fill(random, random.pick(patterns), { adjective: adjectives, thing: things })
    // Where a genre's words are used up, books get volumes.
    const title = volume > 40 ? `${plain}, Volume ${random.int(2, 9)}` : plain
    if (titles.has(title)) continue
    titles.add(title)
    return title
  }
}

function newSubtitle(random: Random, genre: Genre): string | null {
  const { subtitles } = titleWords[genre]
  return subtitles && random.chance(0.6) ? random.pick(subtitles) : null
}

function pages(random: Random, genre: Genre): number {
  if (genre === 'children') return random.int(12, 40) * 2
  return genre === 'poetry' ? random.int(48, 160) : random.int(140, 720)
}

function publishedOn(random: Random, known: KnownBook | undefined): string {
  const year = known?.year ?? 2026 - random.skewed(60)
  // Nothing is published after the seeded shop's last day.
  const day = new Date(Date.UTC(year, random.int(0, 5), random.int(1, 28)))
  return isoDay(day)
}

function description(random: Random, genre: Genre): string {
  const sentences = [random.pick(openings[genre]), random.pick(middles)]
  if (random.chance(0.5)) sentences.push(random.pick(closings))
  return fill(random, sentences.join(' '), {})
}

function knownAuthor(
  authors: readonly SeededAuthor[],
  known: KnownBook | undefined,
): SeededAuthor | undefined {
  return known && authors.find(({ name }) => name === known.author)
}

/** A pattern with its words drawn; the same word never stands twice in one. */
function fill(
  random: Random,
  pattern: string,
  words: Readonly<Record<string, readonly string[]>>,
): string {
  const all: Readonly<Record<string, readonly string[]>> = {
    place: places,
    person: firstNames,
    ...words,
  }
  const used = new Set<string>()
  return pattern.replace(/\{(\w+)\}/g, (_, kind: string) => {
    let word = random.pick(all[kind] ?? [''])
    while (used.has(word) && kind !== 'person') word = random.pick(all[kind] ?? [''])
    if (kind !== 'person') used.add(word)
    return word
  })
}
