/** For the command line: `typestead plan` and `typestead db migrate` read the same model and store as the program. */
import { defineConfig } from 'typestead'
import { userApi } from './api.ts'
import { model, source } from './model.ts'

export default defineConfig({ model, source, api: userApi })
