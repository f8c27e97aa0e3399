/** The API of the app: its schema as types, loaded again with every start of the server, and its latest operations. */
import { computed, Manager, type Readable, type Resource, resource } from '@typestead/screens'
import type { Numbered, Operation } from '../../server/activity.ts'
import type { LiveManager } from '../../server/live-manager.ts'
import type { ServerManager } from '../../server/server-manager.ts'
import { readSdl, type SdlType } from './read-sdl.ts'

export interface OperationFilter {
  readonly text: string
  readonly plan: 'all' | Operation['kind']
}

export class ApiManager extends Manager {
  readonly live: LiveManager
  readonly #server: ServerManager
  #schema: Resource<readonly SdlType[]> | undefined

  constructor(server: ServerManager, live: LiveManager) {
    super()
    this.#server = server
    this.live = live
  }

  protected override onInit(): void {
    this.#schema = resource(async (signal) => {
      this.live.opened.value
      return readSdl(await this.#server.text('/schema', signal))
    })
  }

  get schema(): Resource<readonly SdlType[]> {
    if (this.#schema === undefined) throw new Error('the schema is there after onInit')
    return this.#schema
  }

  /** The newest first. */
  operations(filter: Readable<OperationFilter>): Readable<readonly Numbered<Operation>[]> {
    return computed(() => {
      const { text, plan } = filter.value
      const typed = text.trim().toLowerCase()
      return this.live.operations.value
        .filter(
          ({ value }) =>
            (plan === 'all' || value.kind === plan) &&
            `${value.operation} ${value.sql ?? ''} ${value.reason ?? ''}`
              .toLowerCase()
              .includes(typed),
        )
        .reverse()
    })
  }
}
