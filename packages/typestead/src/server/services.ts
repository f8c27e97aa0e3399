/** What an app serves, made of its config once its store is open. */
import { existsSync } from 'node:fs'
import type { AppBots } from '../bots/app-bots.ts'
import type { App } from '../config/define-config.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { secretsFile } from '../config/secrets.ts'
import { SignInRoutes } from '../sign-in/routes.ts'
import { Sessions } from '../sign-in/sessions.ts'
import type { Parts } from './app-parts.ts'
import type { Services } from './app-server.ts'

export async function servicesOf(
  { name, data, config }: LoadedApp,
  app: App,
  { pages, nlu, bots }: Parts & { readonly bots?: AppBots | undefined } = {},
): Promise<Services> {
  const api = await config.api?.(app.db, app)
  const routes = await config.routes?.(app)
  return {
    graphiql: !app.production || config.graphiqlInProduction === true,
    ...(api === undefined ? {} : { api }),
    ...(routes === undefined ? {} : { routes }),
    ...(pages === undefined ? {} : { pages }),
    ...(nlu === undefined ? {} : { nlu }),
    ...(bots === undefined ? {} : { bots }),
    ...(config.signIn === undefined ? {} : { signIn: signInOf() }),
  }

  function signInOf(): NonNullable<Services['signIn']> {
    const signIn = config.signIn as NonNullable<typeof config.signIn>
    const sessions = new Sessions(app.db, signIn, config.model.meta(signIn.user))
    const file = secretsFile(data)
    const hint =
      !app.production && existsSync(file) ? { hint: `The demo passwords are in ${file}.` } : {}
    return { sessions, routes: new SignInRoutes({ sessions, appName: name, ...hint }) }
  }
}
