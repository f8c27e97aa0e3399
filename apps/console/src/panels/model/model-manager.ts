/** The model of the app as the server describes it, loaded again with every start of the server. */
import { Manager, type Resource, resource } from '@typestead/screens'
import type { LiveManager } from '../../server/live-manager.ts'
import type { ServerManager } from '../../server/server-manager.ts'
import { steady } from '../../server/steady.ts'
import type { ModelShape } from './entities.ts'

export interface AppliedMigration {
  readonly id: string
  readonly appliedAt: string
  readonly summary: readonly string[]
}

export interface EntityCount {
  readonly entity: string
  readonly rows: number
}

export class ModelManager extends Manager {
  readonly live: LiveManager
  readonly server: ServerManager
  readonly model: Resource<ModelShape>

  constructor(server: ServerManager, live: LiveManager) {
    super()
    this.server = server
    this.live = live
    this.model = steady(this.#loaded<ModelShape>('/model'))
  }

  /** Belongs to the owner that runs. */
  counts(): Resource<readonly EntityCount[]> {
    return this.#loaded<readonly EntityCount[]>('/rows')
  }

  /** Belongs to the owner that runs. */
  migrations(): Resource<readonly AppliedMigration[]> {
    return this.#loaded<readonly AppliedMigration[]>('/migrations')
  }

  #loaded<T>(path: string): Resource<T> {
    return resource((signal) => {
      this.live.opened.value
      return this.server.ask<T>(path, { signal })
    })
  }
}
