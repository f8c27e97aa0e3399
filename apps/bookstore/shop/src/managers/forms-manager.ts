/** What forms know of entities, asked of the server once for each: a field added there is in the form here. */
import { Manager } from '@typestead/screens'
import { entityOf, type FormEntity, type FormModel } from '@typestead/screens/forms'
import type { ServerManager } from './server-manager.ts'

const formDocument = 'query ($entity: String!) { form(entity: $entity) }'

export class FormsManager extends Manager {
  readonly #server: ServerManager
  readonly #known = new Map<string, FormEntity>()

  constructor(server: ServerManager) {
    super()
    this.#server = server
  }

  async entity(name: string, signal: AbortSignal): Promise<FormEntity> {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const { form } = await this.#server.client.request(formDocument, { entity: name }, { signal })
    const entity = entityOf(form as FormModel, name) // which checks its version
    this.#known.set(name, entity)
    return entity
  }
}
