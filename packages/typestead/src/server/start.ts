/** `typestead start`: loads the app, checks how it is to run, and runs it until it is told to stop. */
import { readEnvironment } from '../config/environment.ts'
import { loadApp } from '../config/load-config.ts'
import { checkProduction, checkWorkbenchHost } from './production.ts'
import { runApp } from './run-app.ts'

export interface StartOptions {
  readonly app?: string
  readonly production?: boolean
  /** Said by `typestead dev` to its child process. */
  readonly dev?: boolean
}

/** The exit code, once it has stopped. */
export async function start(options: StartOptions): Promise<number> {
  const production = options.production ?? false
  if (production) process.env.NODE_ENV ??= 'production'
  const environment = readEnvironment()
  checkWorkbenchHost(environment)
  const app = await loadApp(options.app)
  if (production) checkProduction(app, environment, process.env)
  return runApp({
    app,
    environment,
    production,
    mode: options.dev ? 'dev' : 'start',
    workbench: true,
  })
}
