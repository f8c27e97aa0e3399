/**
 * The models that a process serves: files `<folder>/<project>/<model>.nlu`, or `<folder>/<model>.nlu` in the project "default". The
 * newest of a project is current. Training makes a new file and then swaps; a file that cannot be read leaves the old model serving.
 */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ComponentType } from './component.ts'
import { decodedModel, loadModel, type NluModel } from './model.ts'
import { writeModelFile } from './model-file.ts'
import { NluError } from './nlu-error.ts'
import { trainInWorker, type WorkerTrainOptions } from './train-in-worker.ts'
import type { TrainingData } from './training-data/training-data.ts'
import { Vocabularies } from './vocabularies.ts'

export interface RegistryOptions {
  /** Folder of the model files; made when the first model is saved. */
  readonly folder: string
  /** Of requests that name no project; by default "default", whose models may lie in the folder itself. */
  readonly defaultProject?: string
  readonly vocabularies?: Vocabularies
  readonly components?: readonly ComponentType[]
  /** URLs of the modules of `components`, for the training worker. */
  readonly componentModules?: readonly string[]
  /** Told of a newer model file that could not be read. */
  readonly onError?: (error: unknown) => void
}

export interface ServedModel {
  readonly project: string
  readonly name: string
  readonly file: string
  readonly model: NluModel
}

interface ModelFile {
  readonly project: string
  readonly name: string
  readonly file: string
  readonly modified: number
}

export interface RegistryTrainOptions extends Omit<WorkerTrainOptions, 'componentModules'> {
  readonly project?: string
  readonly name?: string
}

const folderProject = 'default'
const extension = '.nlu'
const lookEvery = 500

export class ModelRegistry {
  readonly vocabularies: Vocabularies
  readonly defaultProject: string
  readonly #options: RegistryOptions
  readonly #current = new Map<string, ServedModel & { readonly modified: number }>()
  readonly #others = new Map<string, ServedModel>()
  readonly #refused = new Map<string, number>()
  #looked = 0
  #looking: Promise<void> | undefined
  #training = 0

  constructor(options: RegistryOptions) {
    this.#options = options
    this.vocabularies = options.vocabularies ?? new Vocabularies()
    this.defaultProject = options.defaultProject ?? folderProject
  }

  /** Trainings under way. */
  get training(): number {
    return this.#training
  }

  /** Names of loaded models, by project. */
  get loaded(): ServedModel[] {
    return [...this.#current.values(), ...this.#others.values()]
  }

  /** Every model file, by project, newest first. */
  async list(): Promise<Map<string, ModelFile[]>> {
    const files = await this.#files()
    return Map.groupBy(
      files.sort((a, b) => b.modified - a.modified || (a.name < b.name ? 1 : -1)),
      ({ project }) => project,
    )
  }

  /** The model of that name, or the current one of the project. @throws {NluError} not_found, bad_model, bad_request */
  async get(project = this.defaultProject, name?: string): Promise<ServedModel> {
    checkName(project)
    const current = this.#current.get(project)
    if (name === undefined || name === current?.name) {
      // Looks for newer files in the background; only a process without a model waits.
      if (!current) await this.#look()
      else if (performance.now() - this.#looked > lookEvery) void this.#look()
      const found = this.#current.get(project)
      if (found) return found
      const [error] = this.#errors.get(project) ?? []
      throw error ?? new NluError('not_found', `no model in project "${project}"; train one`)
    }
    checkName(name)
    const key = `${project}/${name}`
    const known = this.#others.get(key)
    if (known) return known
    const file = (await this.#files()).find(
      (entry) => entry.project === project && entry.name === name,
    )
    if (!file) throw new NluError('not_found', `no model "${name}" in project "${project}"`)
    const served = { project, name, file: file.file, model: await this.#load(file.file) }
    this.#others.set(key, served)
    return served
  }

  /** Trains on a worker, saves, and makes the model current. @throws {NluError} as `trainInWorker` */
  async train(data: TrainingData, options: RegistryTrainOptions = {}): Promise<ServedModel> {
    const { project = this.defaultProject, name = modelName(new Date()), ...rest } = options
    checkName(project)
    checkName(name)
    this.#training++
    try {
      const modules = this.#options.componentModules
      const bytes = await trainInWorker(data, {
        ...rest,
        ...(modules ? { componentModules: modules } : {}),
      })
      return await this.put(bytes, project, name)
    } finally {
      this.#training--
    }
  }

  /** Checks a model's bytes, saves them and makes the model current. @throws {NluError} bad_model */
  async put(bytes: Uint8Array, project: string, name: string): Promise<ServedModel> {
    checkName(project)
    checkName(name)
    const model = await decodedModel(bytes, name, this.#loadOptions())
    const file = join(this.#options.folder, project, `${name}${extension}`)
    await writeModelFile(file, bytes)
    const served = { project, name, file, model, modified: (await stat(file)).mtimeMs }
    this.#others.delete(`${project}/${name}`)
    this.#current.set(project, served)
    return served
  }

  /** Makes an existing model current. @throws {NluError} not_found, bad_model */
  async use(project: string, name: string): Promise<ServedModel> {
    const served = await this.get(project, name)
    const { mtimeMs } = await stat(served.file)
    const current = this.#current.get(project)
    this.#current.set(project, { ...served, modified: Math.max(mtimeMs, current?.modified ?? 0) })
    return served
  }

  /** Forgets a model; with `file`, deletes it too. */
  async drop(
    project: string,
    name: string,
    options: { readonly file?: boolean } = {},
  ): Promise<void> {
    checkName(project)
    checkName(name)
    const entry = (await this.#files()).find(
      (file) => file.project === project && file.name === name,
    )
    if (!entry) throw new NluError('not_found', `no model "${name}" in project "${project}"`)
    this.#others.delete(`${project}/${name}`)
    if (this.#current.get(project)?.name === name) this.#current.delete(project)
    if (options.file) await rm(entry.file, { force: true })
  }

  readonly #errors = new Map<string, unknown[]>()

  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looked = performance.now()
      this.#looking = undefined
    })
    return this.#looking
  }

  async #lookNow(): Promise<void> {
    for (const [project, files] of await this.list()) {
      this.#errors.delete(project)
      for (const { name, file, modified } of files) {
        const current = this.#current.get(project)
        if (current && current.modified >= modified) break
        if (this.#refused.get(file) === modified) continue
        try {
          this.#current.set(project, {
            project,
            name,
            file,
            model: await this.#load(file),
            modified,
          })
          break
        } catch (error) {
          // A damaged file is told of once; an older one is tried where nothing serves yet.
          this.#refused.set(file, modified)
          this.#errors.set(project, [...(this.#errors.get(project) ?? []), error])
          this.#options.onError?.(error)
        }
      }
    }
  }

  #load(file: string): Promise<NluModel> {
    return loadModel(file, this.#loadOptions())
  }

  #loadOptions() {
    const { components } = this.#options
    return { vocabularies: this.vocabularies, ...(components ? { components } : {}) }
  }

  async #files(): Promise<ModelFile[]> {
    const { folder } = this.#options
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    const found: ModelFile[] = []
    const add = async (project: string, path: string, name: string) => {
      if (!name.endsWith(extension)) return
      const { mtimeMs } = await stat(path)
      found.push({ project, name: name.slice(0, -extension.length), file: path, modified: mtimeMs })
    }
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (entry.isFile()) await add(folderProject, path, entry.name)
      else if (entry.isDirectory())
        for (const name of await readdir(path)) await add(entry.name, join(path, name), name)
    }
    return found
  }
}

/** `model_20170420-101500`, as Rasa names its models (UTC). */
export function modelName(now: Date): string {
  const iso = now.toISOString()
  return `model_${iso.slice(0, 10).replaceAll('-', '')}-${iso.slice(11, 19).replaceAll(':', '')}`
}

function checkName(name: string): void {
  if (!/^\w[\w.-]{0,100}$/.test(name)) {
    throw new NluError(
      'bad_request',
      `"${name.slice(0, 100)}" is no name of a project or model; use letters, digits, _ - .`,
    )
  }
}
