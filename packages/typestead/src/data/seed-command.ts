/** `typestead db seed`: fills an empty, migrated database. */
import { openSecrets } from '../config/secrets.ts'
import { TypesteadError } from '../typestead-error.ts'
import { prepareStore } from './prepare.ts'
import { seedIfEmpty } from './seed.ts'
import { seedContext } from './seed-context.ts'
import { withStore } from './with-store.ts'

/** @throws {TypesteadError} `NOT_CONFIGURED`, `MIGRATIONS_PENDING`, `REFUSED`, `SEED_FAILED` */
export async function seedDatabase(options: {
  readonly app?: string
  readonly json?: boolean
}): Promise<void> {
  await withStore(options.app, async ({ app, db, store }) => {
    const { config, data } = app
    if (config.seed === undefined) {
      throw new TypesteadError(
        'NOT_CONFIGURED',
        `${app.name} has no seed; add seed(db) to its config`,
      )
    }
    const { signal } = new AbortController()
    await prepareStore(db, { mode: 'start', signal })
    const secrets = openSecrets(data, config.secrets ?? [])
    const { context, end } = seedContext({ secrets, signal })
    try {
      const seeded = await seedIfEmpty({ db, config, data, store, context })
      if (!seeded) {
        throw new TypesteadError(
          'REFUSED',
          `${store} has rows already; "typestead db reset --yes" removes them`,
        )
      }
    } finally {
      end()
    }
    const text = options.json ? JSON.stringify({ store, seeded: true }) : `Seeded ${store}.`
    process.stdout.write(`${text}\n`)
  })
}
