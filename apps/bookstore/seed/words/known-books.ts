/** Books that everyone knows, with their authors; the catalogue opens with them. */
import type { genres } from '../../entities/book.ts'

export interface KnownBook {
  readonly title: string
  readonly subtitle?: string
  readonly author: string
  readonly genre: (typeof genres)[number]
  readonly year: number
  readonly pages: number
  /** The first twelve digits, where we keep an edition's own ISBN. */
  readonly isbn?: string
}

export interface KnownAuthor {
  readonly name: string
  readonly bornIn: number
  readonly country: string
}

export const knownAuthors: readonly KnownAuthor[] = [
  { name: 'J. K. Rowling', bornIn: 1965, country: 'United Kingdom' },
  { name: 'Stephenie Meyer', bornIn: 1973, country: 'United States' },
  { name: 'A. P. J. Abdul Kalam', bornIn: 1931, country: 'India' },
  { name: 'Jane Austen', bornIn: 1775, country: 'United Kingdom' },
  { name: 'Mary Shelley', bornIn: 1797, country: 'United Kingdom' },
  { name: 'Bram Stoker', bornIn: 1847, country: 'Ireland' },
  { name: 'Jules Verne', bornIn: 1828, country: 'France' },
  { name: 'Lewis Carroll', bornIn: 1832, country: 'United Kingdom' },
  { name: 'Herman Melville', bornIn: 1819, country: 'United States' },
  { name: 'Rabindranath Tagore', bornIn: 1861, country: 'India' },
  { name: 'Charles Darwin', bornIn: 1809, country: 'United Kingdom' },
  { name: 'Arthur Conan Doyle', bornIn: 1859, country: 'United Kingdom' },
]

export const knownBooks: readonly KnownBook[] = [
  {
    title: 'Harry Potter',
    subtitle: 'The Complete Collection',
    author: 'J. K. Rowling',
    genre: 'fantasy',
    year: 2014,
    pages: 3422,
  },
  {
    title: 'Twilight',
    author: 'Stephenie Meyer',
    genre: 'romance',
    year: 2005,
    pages: 498,
    isbn: '978031616017',
  },
  {
    title: 'Wings of Fire',
    subtitle: 'An Autobiography',
    author: 'A. P. J. Abdul Kalam',
    genre: 'biography',
    year: 1999,
    pages: 180,
    isbn: '978817371146',
  },
  {
    title: 'Harry Potter and the Philosopher’s Stone',
    author: 'J. K. Rowling',
    genre: 'fantasy',
    year: 1997,
    pages: 223,
    isbn: '978074753269',
  },
  {
    title: 'Harry Potter and the Chamber of Secrets',
    author: 'J. K. Rowling',
    genre: 'fantasy',
    year: 1998,
    pages: 251,
  },
  {
    title: 'Harry Potter and the Prisoner of Azkaban',
    author: 'J. K. Rowling',
    genre: 'fantasy',
    year: 1999,
    pages: 317,
  },
  {
    title: 'Harry Potter and the Goblet of Fire',
    author: 'J. K. Rowling',
    genre: 'fantasy',
    year: 2000,
    pages: 636,
  },
  {
    title: 'Harry Potter and the Order of the Phoenix',
    author: 'J. K. Rowling',
    genre: 'fantasy',
    year: 2003,
    pages: 766,
  },
  {
    title: 'Harry Potter and the Half-Blood Prince',
    author: 'J. K. Rowling',
    genre: 'fantasy',
    year: 2005,
    pages: 607,
  },
  {
    title: 'Harry Potter and the Deathly Hallows',
    author: 'J. K. Rowling',
    genre: 'fantasy',
    year: 2007,
    pages: 607,
  },
  { title: 'New Moon', author: 'Stephenie Meyer', genre: 'romance', year: 2006, pages: 563 },
  { title: 'Eclipse', author: 'Stephenie Meyer', genre: 'romance', year: 2007, pages: 629 },
  { title: 'Breaking Dawn', author: 'Stephenie Meyer', genre: 'romance', year: 2008, pages: 756 },
  {
    title: 'Ignited Minds',
    author: 'A. P. J. Abdul Kalam',
    genre: 'biography',
    year: 2002,
    pages: 205,
  },
  { title: 'Pride and Prejudice', author: 'Jane Austen', genre: 'romance', year: 1813, pages: 432 },
  { title: 'Emma', author: 'Jane Austen', genre: 'romance', year: 1815, pages: 474 },
  {
    title: 'Frankenstein',
    subtitle: 'or, The Modern Prometheus',
    author: 'Mary Shelley',
    genre: 'science fiction',
    year: 1818,
    pages: 280,
  },
  { title: 'Dracula', author: 'Bram Stoker', genre: 'fantasy', year: 1897, pages: 418 },
  {
    title: 'Twenty Thousand Leagues Under the Seas',
    author: 'Jules Verne',
    genre: 'science fiction',
    year: 1870,
    pages: 448,
  },
  {
    title: 'Around the World in Eighty Days',
    author: 'Jules Verne',
    genre: 'travel',
    year: 1872,
    pages: 252,
  },
  {
    title: 'Alice’s Adventures in Wonderland',
    author: 'Lewis Carroll',
    genre: 'children',
    year: 1865,
    pages: 192,
  },
  {
    title: 'Moby-Dick',
    subtitle: 'or, The Whale',
    author: 'Herman Melville',
    genre: 'travel',
    year: 1851,
    pages: 635,
  },
  { title: 'Gitanjali', author: 'Rabindranath Tagore', genre: 'poetry', year: 1910, pages: 104 },
  {
    title: 'On the Origin of Species',
    author: 'Charles Darwin',
    genre: 'science',
    year: 1859,
    pages: 502,
  },
  {
    title: 'The Hound of the Baskervilles',
    author: 'Arthur Conan Doyle',
    genre: 'crime',
    year: 1902,
    pages: 256,
  },
]
