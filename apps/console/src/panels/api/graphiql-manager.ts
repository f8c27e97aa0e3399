/** Whether the app has a GraphiQL to show: asked before the frame is made, which could not say so itself. */
import { PageController, type Resource, resource } from '@typestead/screens'
import type { LiveManager } from '../../server/live-manager.ts'
import { ServerError } from '../../server/server-error.ts'
import type { ServerManager } from '../../server/server-manager.ts'

export class GraphiqlManager extends PageController {
  readonly there: Resource<boolean>

  constructor(server: ServerManager, live: LiveManager) {
    super()
    this.there = resource(async (signal) => {
      // Not again with each start of the server: what is typed in the frame would be lost.
      if (live.connection.peek() === 'lost') throw noAnswer()
      try {
        await server.text('/graphql/graphiql', signal)
        return true
      } catch (error) {
        if (error instanceof ServerError && error.status === 404) return false
        throw error
      }
    })
  }
}

function noAnswer(): ServerError {
  return new ServerError('The server does not answer.', 'NO_ANSWER', 0)
}
