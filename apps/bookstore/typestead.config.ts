/** The shop: its entities, its rows, its API and who signs in. */
import { defineConfig } from 'typestead'
import { shopApi } from './api/shop-api.ts'
import { model } from './entities/model.ts'
import { User } from './entities/user.ts'
import { demoPasswords, seed } from './seed/seed.ts'

export default defineConfig({
  name: 'Bookstore',
  model,
  seed,
  secrets: demoPasswords,
  api: shopApi,
  signIn: {
    user: User,
    login: 'email',
    password: 'password',
    role: 'role',
    normalize: (login) => login.toLowerCase(),
  },
})
