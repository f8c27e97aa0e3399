/** `typestead plan`: prints all that the changes of the classes do, and refuses what loses data or breaks clients. */
import { readFileSync } from 'node:fs'
import { describe, type ModelDescriptor, readDescriptor } from '@typestead/entity'
import { loadApp } from '../config/load-config.ts'
import { disconnected } from '../data/disconnected.ts'
import { withStore } from '../data/with-store.ts'
import { exitCodes } from '../exit-code.ts'
import { TypesteadError } from '../typestead-error.ts'
import { type Allowed, type Plan, refusals } from './build-plan.ts'
import { planFrom, planOf } from './plan-of.ts'
import { planText, refusalText } from './print-plan.ts'

export interface PlanCommandOptions extends Allowed {
  readonly app?: string
  /** A file with the descriptor to compare with. */
  readonly from?: string
  /** Prints the descriptor of the classes instead. */
  readonly descriptor?: boolean
  /** A file with the GraphQL schema that clients know. */
  readonly schema?: string
  readonly check?: boolean
  readonly json?: boolean
}

/** The exit code. */
export async function plan(options: PlanCommandOptions): Promise<number> {
  if (options.descriptor) {
    const { config } = await loadApp(options.app)
    process.stdout.write(`${JSON.stringify(describe(config.model), undefined, 2)}\n`)
    return exitCodes.ok
  }
  const servedSdl = options.schema === undefined ? undefined : readText(options.schema)
  const made = options.from === undefined ? await ofDatabase() : await ofFile(options.from)
  const refused = refusals(made, options)
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...made, refused }, undefined, 2)}\n`)
  } else {
    process.stdout.write(planText(made))
    if (refused.length > 0) process.stderr.write(`\n${refusalText(refused)}`)
  }
  if (refused.length > 0) return exitCodes.refused
  return options.check && made.changes.length > 0 ? exitCodes.migrationsPending : exitCodes.ok

  function ofDatabase(): Promise<Plan> {
    return withStore(options.app, async ({ app, db }) =>
      planOf({ app, db, migration: await db.migrations.plan(), servedSdl }),
    )
  }

  async function ofFile(file: string): Promise<Plan> {
    const app = await loadApp(options.app)
    return planFrom({ app, db: await disconnected(app), from: descriptorIn(file), servedSdl })
  }
}

function descriptorIn(file: string): ModelDescriptor {
  try {
    return readDescriptor(JSON.parse(readText(file)))
  } catch (cause) {
    if (cause instanceof TypesteadError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypesteadError('USAGE', `${file} is no model descriptor: ${reason}`, { cause })
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new TypesteadError('USAGE', `${file} cannot be read; name a file that is there`, {
      cause,
    })
  }
}
