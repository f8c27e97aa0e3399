/** The shop: its entities, its rows, its API, its pages, its bots and who signs in. */
import { defineConfig } from 'typestead'
import { shopApi } from './api/shop-api.ts'
import { purchaseBook } from './bots/purchase-book.ts'
import { support } from './bots/support.ts'
import { Author } from './entities/author.ts'
import { Book } from './entities/book.ts'
import { model } from './entities/model.ts'
import { User } from './entities/user.ts'
import { demoPasswords, seed } from './seed/seed.ts'

export default defineConfig({
  name: 'Bookstore',
  model,
  seed,
  secrets: demoPasswords,
  api: shopApi,
  pages: './shop',
  signIn: {
    user: User,
    login: 'email',
    password: 'password',
    role: 'role',
    normalize: (login) => login.toLowerCase(),
  },
  nlu: {
    projects: {
      support: { files: ['nlu/support.yml'] },
      shop: { files: ['nlu/shop.yml'] },
    },
    vocabularies: {
      bookName: { entity: Book, field: 'title' },
      authorName: { entity: Author, field: 'name' },
    },
  },
  bots: {
    define: async ({ db }) => [purchaseBook(db), await support()],
    channels: {
      chat: ['PurchaseBook', 'Support'],
      slack: ['Support', 'PurchaseBook'],
      sms: ['PurchaseBook', 'Support'],
      messenger: ['PurchaseBook', 'Support'],
    },
  },
})
