/** What the shop asks for, each document once, and the types of what comes back, which follow from its text. */
import type { DataOf } from './data-of.ts'

export const booksDocument =
  'query ($where: BookFilter, $orderBy: [BookOrderBy!], $first: Int, $after: String) { books(where: $where, orderBy: $orderBy, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id title subtitle genre language price stock publishedOn version author { id name } } } }'

export type Book = DataOf<typeof booksDocument>['books']['nodes'][number]
export type Genre = Book['genre']
export type Language = Book['language']

export const knownBooksDocument =
  'query ($ids: [ID!]!, $first: Int!) { books(where: { id: { in: $ids } }, first: $first) { nodes { id title subtitle genre language price stock publishedOn version author { id name } } } }'

export const bookDocument =
  'query ($id: ID!, $reviews: Int!, $me: ID!) { book(id: $id) { id title subtitle genre language price stock publishedOn version author { id name country bornIn biography books(first: 7) { id title subtitle genre language price stock publishedOn version author { id name } } } isbn pages description ratings: reviews(first: 1000) { rating } reviews(first: $reviews, orderBy: [{ createdAt: DESC }]) { id rating title body createdAt user { id firstName lastName } } own: reviews(first: 1, where: { user: { id: { eq: $me } } }) { id rating title body createdAt user { id firstName lastName } } } }'

export type BookDetails = NonNullable<DataOf<typeof bookDocument>['book']>
export type Review = BookDetails['reviews'][number]

export const bookChangedDocument =
  'subscription ($after: String) { bookChanged(after: $after) { op cursor node { id title subtitle genre language price stock publishedOn version author { id name } } } }'

export const meDocument = '{ me { id email firstName lastName role } }'

export type User = NonNullable<DataOf<typeof meDocument>['me']>

export const myOrdersDocument =
  '{ me { orders(first: 100, orderBy: [{ placedAt: DESC }]) { id status total placedAt shipTo { name street postcode city country } lines { quantity unitPrice book { id title genre author { id name } } } } } }'

export type Order = NonNullable<DataOf<typeof myOrdersDocument>['me']>['orders'][number]
export type OrderStatus = Order['status']

export const orderChangedDocument =
  'subscription ($after: String) { orderChanged(after: $after) { cursor node { id status customer { id } } } }'

export const placeOrderDocument =
  'mutation ($id: ID!, $lines: [WantedBook!]!, $shipTo: OrderShipToInput!) { placeOrder(id: $id, lines: $lines, shipTo: $shipTo) { id } }'
