/** The model that a database was last migrated to, and the steps of that migration that are still to be done. */
import { type ModelDescriptor, readDescriptor } from '@typestead/entity'
import { StoreError } from '../errors.ts'
import type { Connections } from './connection.ts'
import { infrastructureVersion } from './infrastructure.ts'
import type { Step } from './step.ts'

export interface StoredModel {
  /** `null` before the first migration. */
  readonly descriptor: ModelDescriptor | null
  readonly pending: readonly Step[]
  readonly rowLevelSecurity: boolean
}

export async function readStored(connections: Connections): Promise<StoredModel> {
  const rows = await readOrNothing(
    connections,
    'select format, descriptor, pending, options from typestead_model',
  )
  return storedFrom(rows[0])
}

/** Before the first migration the tables are not there. */
export async function readOrNothing(connections: Connections, text: string): Promise<unknown[][]> {
  try {
    return await connections.run({ text, values: [] })
  } catch (error) {
    if (error instanceof StoreError && error.code === 'MIGRATION_PENDING') return []
    throw error
  }
}

export function storedFrom(row: readonly unknown[] | undefined): StoredModel {
  if (!row) return { descriptor: null, pending: [], rowLevelSecurity: false }
  const [format, descriptor, pending, options] = row as [
    number,
    unknown,
    Step[],
    { rowLevelSecurity?: boolean },
  ]
  if (format > infrastructureVersion) {
    throw new StoreError(
      'UNSUPPORTED',
      `the database was set up by a newer version of @typestead/store (format ${format}, this one reads ${infrastructureVersion}); update the package`,
    )
  }
  return {
    descriptor: descriptor === null ? null : readDescriptor(descriptor),
    pending,
    rowLevelSecurity: options.rowLevelSecurity ?? false,
  }
}
