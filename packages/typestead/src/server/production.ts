/** What `start --production` refuses, and what to set for each. */
import type { Environment } from '../config/environment.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { secretNames } from '../config/secret-names.ts'
import { unsetSecrets } from '../config/secrets.ts'
import { TypesteadError } from '../typestead-error.ts'

/** @throws {TypesteadError} `NOT_FOR_PRODUCTION` that lists everything */
export function checkProduction(
  { config }: Pick<LoadedApp, 'config'>,
  environment: Environment,
  env: NodeJS.ProcessEnv,
): void {
  const problems: string[] = []
  const isEmbedded =
    config.source?.kind === 'embedded' || (!config.source && environment.databaseUrl === undefined)
  if (isEmbedded) {
    problems.push(
      'embedded PostgreSQL is for development: set DATABASE_URL=postgres://… (or mongodb://…)',
    )
  }
  for (const name of unsetSecrets(secretNames(config), env)) {
    problems.push(`a generated secret is for development: set ${name}`)
  }
  if (environment.workbenchToken === undefined) {
    problems.push(
      'the workbench is open to everyone: set TYPESTEAD_WORKBENCH_TOKEN (16 characters at least)',
    )
  }
  if (problems.length === 0) return
  const list = problems.map((problem) => `  • ${problem}`).join('\n')
  throw new TypesteadError('NOT_FOR_PRODUCTION', `this is not fit for production:\n${list}`)
}

/**
 * On another host than loopback everyone who reaches the machine reaches the workbench.
 * @throws {TypesteadError} `USAGE`
 */
export function checkWorkbenchHost({ host, workbenchToken }: Environment): void {
  if (workbenchToken !== undefined || isLoopback(host)) return
  throw new TypesteadError(
    'USAGE',
    `TYPESTEAD_HOST=${host} lets others reach the workbench: set TYPESTEAD_WORKBENCH_TOKEN (16 characters at least)`,
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}
