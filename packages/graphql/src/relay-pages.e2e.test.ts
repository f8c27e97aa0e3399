import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Author, Book, library, libraryApi } from '../test/library.ts'
import { type Server, serve } from '../test/serve.ts'
import { type Opened, openPostgres } from '../test/stores.ts'

const pageFields = gql`
  fragment Page on BookConnection {
    edges { cursor node { id title } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
`
const forwards = gql`
  query Forwards($first: Int, $after: String, $where: BookFilter) {
    books(first: $first, after: $after, where: $where, orderBy: [{ title: ASC }]) { ...Page }
  }
  ${pageFields}
`
const backwards = gql`
  query Backwards($last: Int, $before: String, $where: BookFilter) {
    books(last: $last, before: $before, where: $where, orderBy: [{ title: ASC }]) { ...Page }
  }
  ${pageFields}
`

interface Pages {
  readonly books: {
    readonly edges: readonly { readonly node: { readonly id: string; readonly title: string } }[]
    readonly pageInfo: {
      readonly hasNextPage: boolean
      readonly hasPreviousPage: boolean
      readonly startCursor: string | null
      readonly endCursor: string | null
    }
  }
}

/** Apollo Client merges pages by its own rules for Relay's connections; what it ends with is what a screen shows. */
describe('Relay pages through Apollo Client', () => {
  let opened: Opened
  let server: Server
  let author: Author

  beforeAll(async () => {
    opened = await openPostgres(library)
    server = await serve(libraryApi(opened.db).handler)
    author = await opened.db.create(Author, { name: 'Ann' })
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await opened?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    await opened.db.deleteMany(Book, {})
    await add(Array.from({ length: 137 }, (_, n) => n * 10))
  })

  const title = (n: number) => `Book ${String(n).padStart(5, '0')}`
  const add = (numbers: readonly number[]) =>
    opened.db.createMany(
      Book,
      numbers.map((n) => ({ title: title(n), price: '1', author: author.id })),
    )
  const client = () =>
    new ApolloClient({
      link: new HttpLink({ uri: `${server.url}/api` }),
      cache: new InMemoryCache({
        typePolicies: { Query: { fields: { books: relayStylePagination(['where', 'orderBy']) } } },
      }),
    })
  const titles = (pages: Pages) => pages.books.edges.map(({ node }) => node.title)

  test('forwards, page after page, while rows are inserted before and behind the reader', async () => {
    const apollo = client()
    const query = apollo.watchQuery<Pages>({ query: forwards, variables: { first: 10 } })
    let shown: Pages | undefined
    const shows = query.subscribe(({ data }) => {
      shown = data as Pages
    })
    await expect.poll(() => shown?.books.edges.length).toBe(10)
    const behind: number[] = []
    let pages = 1
    for (let page = shown as unknown as Pages; page.books.pageInfo.hasNextPage; pages++) {
      const place = pages * 100
      // One that the reader has passed, and one that it has yet to come to.
      await add([place - 93, place + 305])
      if (place + 305 < 1370) behind.push(place + 305)
      const after = page.books.pageInfo.endCursor
      const { data } = await query.fetchMore({ variables: { first: 10, after } })
      page = data as Pages
    }
    await expect.poll(() => shown?.books.pageInfo.hasNextPage).toBe(false)
    const all = titles(shown as unknown as Pages)
    expect(pages).toBeGreaterThan(13)
    expect(new Set(all).size).toBe(all.length)
    expect(all).toEqual(all.toSorted())
    // Every row that was there from the start, and every one that came before the reader did.
    for (let n = 0; n < 137; n++) expect(all).toContain(title(n * 10))
    for (const n of behind) expect(all).toContain(title(n))
    // Another reader of the same cache gets it all without asking.
    const cached = await apollo.query<Pages>({
      query: forwards,
      variables: { first: 10 },
      fetchPolicy: 'cache-only',
    })
    expect(titles(cached.data as Pages)).toEqual(all)
    shows.unsubscribe()
    apollo.stop()
  })

  test('backwards from the end', async () => {
    const apollo = client()
    const query = apollo.watchQuery<Pages>({ query: backwards, variables: { last: 20 } })
    let shown: Pages | undefined
    const shows = query.subscribe(({ data }) => {
      shown = data as Pages
    })
    await expect.poll(() => shown?.books.edges.length).toBe(20)
    expect(titles(shown as unknown as Pages).at(-1)).toBe(title(1360))
    for (let page = shown as unknown as Pages; page.books.pageInfo.hasPreviousPage; ) {
      const before = page.books.pageInfo.startCursor
      const { data } = await query.fetchMore({ variables: { last: 20, before } })
      page = data as Pages
    }
    await expect
      .poll(() => titles(shown as unknown as Pages))
      .toEqual(Array.from({ length: 137 }, (_, n) => title(n * 10)))
    expect(shown?.books.pageInfo.hasPreviousPage).toBe(false)
    shows.unsubscribe()
    apollo.stop()
  })

  test('lists of different filters are merged apart', async () => {
    const apollo = client()
    const some = async (where: object, after?: string) =>
      apollo.query<Pages>({
        query: forwards,
        // Otherwise the cache answers with the pages that it has.
        fetchPolicy: 'network-only',
        variables: { first: 5, where, ...(after === undefined ? {} : { after }) },
      })
    const low = { title: { lt: title(500) } }
    const high = { title: { gte: title(500) } }
    const first = (await some(low)).data as Pages
    await some(high)
    await some(low, first.books.pageInfo.endCursor ?? '')
    const read = (where: object) =>
      titles(apollo.readQuery<Pages>({ query: forwards, variables: { first: 5, where } }) as Pages)
    expect(read(low)).toEqual(Array.from({ length: 10 }, (_, n) => title(n * 10)))
    expect(read(high)).toEqual(Array.from({ length: 5 }, (_, n) => title(500 + n * 10)))
    apollo.stop()
  })
})
