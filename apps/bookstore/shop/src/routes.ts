/** The addresses of the shop. */
import { type QueryValues, q, route } from '@typestead/screens'
import type { Genre, Language } from './api/answers.ts'
import type { CatalogueFilters, Sort } from './managers/catalogue-manager.ts'

/** What people call what the API has; each of its genres is here, or the compiler says so. */
export const genreNames: Readonly<Record<Genre, string>> = {
  fantasy: 'Fantasy',
  romance: 'Romance',
  crime: 'Crime',
  science_fiction: 'Science fiction',
  history: 'History',
  biography: 'Biography',
  poetry: 'Poetry',
  children: 'Children',
  science: 'Science',
  travel: 'Travel',
}

export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  hi: 'Hindi',
  zh: 'Chinese',
}

export const sortNames: Readonly<Record<Sort, string>> = {
  favourites: 'Our favourites',
  newest: 'Newest first',
  title: 'Title, A to Z',
  cheapest: 'Price, low to high',
  dearest: 'Price, high to low',
}

/** Keys of an object whose keys are these and no others. */
export function namesOf<K extends string>(names: Readonly<Record<K, string>>): readonly K[] {
  return Object.keys(names) as K[] // an object literal of exactly this type
}

export const homeRoute = route('/', {
  query: {
    q: q.string().default(''),
    genre: q.oneOf(...namesOf(genreNames)),
    language: q.oneOf(...namesOf(languageNames)),
    upTo: q.int(),
    inStock: q.bool().default(false),
    sort: q.oneOf(...namesOf(sortNames)).default('favourites'),
  },
})

/** What the address of the catalogue asks for. */
export function filtersOf(query: QueryValues<typeof homeRoute.query>): CatalogueFilters {
  const { q, genre, language, upTo, inStock, sort } = query
  return { q, genre, language, upTo, inStock, sort }
}

export const bookRoute = route('/books/:id')
export const cartRoute = route('/cart')
export const checkoutRoute = route('/checkout')
/** `next` is where to go once signed in: an address of the shop. */
export const helpRoute = route('/help')
export const accountRoute = route('/account', { query: { next: q.string() } })
export const orderRoute = route('/orders/:id')
export const manageBooksRoute = route('/manage/books', { query: { q: q.string().default('') } })
export const newBookRoute = route('/manage/books/new')
export const editBookRoute = route('/manage/books/:id')
export const manageOrdersRoute = route('/manage/orders')
export const manageOrderRoute = route('/manage/orders/:id')
