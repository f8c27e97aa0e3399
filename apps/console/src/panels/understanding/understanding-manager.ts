/**
 * What Understanding's pages ask of the workbench: the projects, what a model makes of a sentence, the checked examples;
 * trainings, followed by a stream of events of its own while a page of the panel is open.
 */
import { cell, computed, Manager, type Readable, type Resource, resource } from '@typestead/screens'
import type { ServerManager } from '../../server/server-manager.ts'
import type { Checked, Project, Span, Understood } from './sentences.ts'

/** What happens to a project now, or happened last. */
export type Happening =
  | { readonly project: string; readonly state: 'training' | 'checking'; readonly done: number }
  | { readonly project: string; readonly state: 'trained'; readonly model: string }
  | { readonly project: string; readonly state: 'failed'; readonly message: string }

export interface NewExample {
  readonly text: string
  readonly intent: string
  readonly entities: readonly Span[]
}

export class UnderstandingManager extends Manager {
  readonly #server: ServerManager
  readonly #happening = cell<Happening | undefined>(undefined)
  /** Counts what may have changed the models. */
  readonly #version = cell(0)
  readonly happening = this.#happening.readonly()
  #projects: Resource<readonly Project[]> | undefined
  #source: EventSource | undefined

  constructor(server: ServerManager) {
    super()
    this.#server = server
  }

  protected override onInit(): void {
    this.#projects = resource(async (signal) => {
      this.#version.value
      const { projects } = await this.#server.ask<{ projects: readonly Project[] }>('/nlu', {
        signal,
      })
      return projects
    })
    this.#follow()
  }

  protected override onClose(): void {
    this.#source?.close()
  }

  get projects(): Resource<readonly Project[]> {
    if (this.#projects === undefined) throw new Error('the projects are there after onInit')
    return this.#projects
  }

  /** The project of that name; the first where none is named. Other changes of the address are none of it. */
  project(named: () => string | undefined): Readable<Project | undefined> {
    return computed(() => {
      const name = named()
      const all = this.projects.value.value
      return all?.find((project) => project.name === name) ?? all?.[0]
    })
  }

  /** Null for no text, or while there is no model. */
  understand(
    project: Readable<Project | undefined>,
    text: Readable<string>,
  ): Resource<Understood | null> {
    return resource(async (signal) => {
      this.#version.value
      const found = project.value
      const typed = text.value
      if (typed.trim() === '' || !found?.model) return null
      return this.#server.ask<Understood>(`${at(found.name)}/parse`, {
        body: { text: typed },
        signal,
      })
    })
  }

  /** The examples of a project, each asked of a model that was not trained on it. */
  checked(project: Readable<Project | undefined>): Resource<Checked | undefined> {
    return resource(async (signal) => {
      this.#version.value
      const found = project.value
      if (found === undefined) return undefined
      return this.#server.ask<Checked>(`${at(found.name)}/examples`, { signal })
    })
  }

  /** @throws {ServerError} with what is wrong with the example */
  async add(project: string, example: NewExample): Promise<void> {
    await this.#server.ask(`${at(project)}/examples`, { body: example, signal: this.signal })
  }

  /** Begins; `happening` tells how it goes. @throws {ServerError} while it trains already */
  async train(project: string): Promise<void> {
    this.#happening.set({ project, state: 'training', done: 0 })
    try {
      await this.#server.ask(`${at(project)}/train`, { method: 'POST', signal: this.signal })
    } catch (error) {
      this.#happening.set(undefined)
      throw error
    }
  }

  #follow(): void {
    const source = new EventSource('/_typestead/events?topics=nlu')
    this.#source = source
    const changed = () => this.#version.update((count) => count + 1)
    let opened = false
    source.addEventListener('open', () => {
      // Models may be others after a break.
      if (opened) changed()
      opened = true
    })
    source.addEventListener('nlu', (event) => {
      const happening = JSON.parse(event.data) as Happening // the workbench sends this shape
      if (happening.state === 'trained') changed()
      // The stream begins with the last event: an end whose training was not seen here is no news.
      const before = this.#happening.peek()
      const isEnd = happening.state === 'trained' || happening.state === 'failed'
      const wasSeen = before?.state === 'training' && before.project === happening.project
      if (!isEnd || wasSeen) this.#happening.set(happening)
    })
  }
}

function at(project: string): string {
  return `/nlu/${encodeURIComponent(project)}`
}
