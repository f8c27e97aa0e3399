/** All entities of this program, and where their rows are kept: MongoDB where `MONGO_URL` says so, else PostgreSQL from npm. */
import { join } from 'node:path'
import { defineModel } from '@typestead/entity'
import { embedded, mongo, type Source } from '@typestead/store'
import { User } from './user.ts'

export const model = defineModel({ User })

const { MONGO_URL, TYPESTEAD_DATA } = process.env

export const source: Source = MONGO_URL
  ? mongo(MONGO_URL)
  : embedded({
      data: TYPESTEAD_DATA || join(import.meta.dirname, '.typestead'),
      resolveFrom: import.meta.dirname,
    })
