/** One book with all that is told of it, and its reviews. */
import {
  cell,
  computed,
  PageController,
  type Resource,
  resource,
  type Scope,
} from '@typestead/screens'
import type { FormValues } from '@typestead/screens/forms'
import { type BookDetails, bookDocument, type Review } from '../api/answers.ts'
import { inWords } from '../api/failure.ts'
import { AccountManager } from '../managers/account-manager.ts'
import { BooksManager } from '../managers/books-manager.ts'
import { CartManager } from '../managers/cart-manager.ts'
import { FormsManager } from '../managers/forms-manager.ts'
import { NoticeManager } from '../managers/notice-manager.ts'
import { ServerManager } from '../managers/server-manager.ts'

const fewReviews = 6
const mostReviews = 1000

/** An id that no user has. */
const nobody = '00000000-0000-7000-8000-000000000000'

export class BookController extends PageController {
  readonly #id: string
  readonly #server: ServerManager
  readonly books: BooksManager
  readonly cart: CartManager
  readonly account: AccountManager
  readonly forms: FormsManager
  readonly notices: NoticeManager
  readonly #reviews = cell(fewReviews)
  #details: Resource<BookDetails | null> | undefined

  constructor(s: Scope, id: string) {
    super()
    this.#id = id
    this.#server = s.find(ServerManager)
    this.books = s.find(BooksManager)
    this.cart = s.find(CartManager)
    this.account = s.find(AccountManager)
    this.forms = s.find(FormsManager)
    this.notices = s.find(NoticeManager)
  }

  /** Null where no book has the id. */
  get details(): Resource<BookDetails | null> {
    if (this.#details === undefined) throw new TypeError('the page of the book has not begun')
    return this.#details
  }

  /** The review of who is signed in. */
  readonly ownReview = computed(() => this.details.value.value?.own[0])

  /** Asks for all reviews instead of the newest few. */
  showAllReviews(): void {
    this.#reviews.set(mostReviews)
  }

  /** Not read again where nobody turns out to be signed in. */
  readonly #me = computed(() => this.account.user.value?.id ?? nobody)

  protected override onInit(): void {
    this.#details = resource(async (signal) => {
      this.#server.returns.value
      const me = this.#me.value
      const variables = { id: this.#id, reviews: this.#reviews.value, me }
      const { book } = await this.#server.client.request(bookDocument, variables, { signal })
      if (book !== null) this.books.keep([bare(book), ...book.author.books])
      return book
    })
  }

  /** Writes the own review, or changes it. */
  async review(values: FormValues, signal: AbortSignal): Promise<void> {
    try {
      await inWords(this.#send(values, signal))
    } catch (error) {
      this.account.recheck(error)
      throw error
    }
    this.details.reload()
  }

  #send(values: FormValues, signal: AbortSignal): Promise<unknown> {
    const { client } = this.#server
    const own = this.ownReview.peek()
    if (own !== undefined) {
      const change =
        'mutation ($id: ID!, $data: ReviewUpdateInput!) { updateReview(id: $id, data: $data) { id } }'
      return client.request(change, { id: own.id, data: values }, { signal })
    }
    const create = 'mutation ($data: ReviewCreateInput!) { createReview(data: $data) { id } }'
    // Its form has the other fields.
    const data = { ...values, book: this.#id, user: this.#me.peek() } as ReviewInput
    return client.request(create, { data }, { signal })
  }

  async removeReview({ id }: Review): Promise<void> {
    const document = 'mutation ($id: ID!) { deleteReview(id: $id) { id } }'
    await this.#server.client.request(document, { id }, { signal: this.signal })
    this.details.reload()
  }
}

interface ReviewInput {
  readonly rating: number
  readonly title: string
  readonly body?: string | null
  readonly book: string
  readonly user: string
}

/** What lists know of a book. */
function bare({
  id,
  title,
  subtitle,
  genre,
  language,
  price,
  stock,
  publishedOn,
  version,
  author,
}: BookDetails) {
  return {
    ...{ id, title, subtitle, genre, language, price, stock, publishedOn, version },
    author: { id: author.id, name: author.name },
  }
}
