/** The seeded posts of the blog, written by some of the users. */
import type { SeededAuthor } from './authors.ts'
import type { SeededBook } from './books.ts'
import { ascendingInstants, busyFrom, instantBetween, madeBy } from './calendar.ts'
import { Random } from './random.ts'
import { seedId } from './seed-id.ts'
import type { SeededUser } from './users.ts'
import { postSentences, postTitles } from './words/texts.ts'
import { places } from './words/titles.ts'

export interface SeededPost {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly author: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface PostSubjects {
  readonly users: readonly SeededUser[]
  readonly books: readonly SeededBook[]
  readonly authors: readonly SeededAuthor[]
}

export function seedPosts(many: number, subjects: PostSubjects): SeededPost[] {
  const random = new Random('posts')
  return ascendingInstants(random, many, busyFrom).map((createdAt, index) => {
    // No index is past the end: something was made by then.
    const book = subjects.books[
      random.int(0, madeBy(subjects.books.length, createdAt) - 1)
    ] as SeededBook
    const about = {
      title: book.title,
      genre: book.genre,
      author: subjects.authors.find(({ id }) => id === book.author)?.name ?? '',
    }
    const sentences = Array.from({ length: random.int(3, 6) }, () => random.pick(postSentences))
    return {
      id: seedId('post', index, createdAt),
      title: fill(random, random.pick(postTitles), about),
      body: fill(random, [...new Set(sentences)].join(' '), about),
      // A third of the users write, and few of them much.
      author: subjects.users[random.skewed(madeBy(subjects.users.length, createdAt) / 3)]?.id ?? '',
      createdAt,
      updatedAt: random.chance(0.2) ? instantBetween(random, createdAt) : createdAt,
    }
  })
}

function fill(random: Random, text: string, about: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, word: string) => {
    if (word === 'number') return String(random.int(3, 12))
    return word === 'place' ? random.pick(places) : (about[word] ?? '')
  })
}
