/**
 * Type-checks and executes the code blocks of README files. A block is written beside its README, in a folder that
 * git ignores, so that it resolves packages as a reader's file there would; blank lines before it keep its lines at
 * their numbers in the README, so every error names the line to look at. (Not in node_modules: Node strips no types there.)
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { type CommandResult, runCommand } from '../run-command.ts'
import { type CodeBlock, codeBlocks } from './code-blocks.ts'

export interface DocTest extends CodeBlock {
  /** Path of the README from the root. */
  readonly readme: string
  /** `packages/entity/README.md:12`. */
  readonly name: string
}

/** READMEs of the root and of each package, app and example, then their blocks. */
export function findDocTests(root: string): readonly DocTest[] {
  const folders = ['packages', 'apps', 'examples'].flatMap((parent) =>
    existsSync(join(root, parent))
      ? readdirSync(join(root, parent))
          .sort()
          .map((name) => join(parent, name))
      : [],
  )
  return ['.', ...folders].flatMap((folder) => docTestsOf(root, join(folder, 'README.md')))
}

/** The blocks of one README; none when there is no such file. */
export function docTestsOf(root: string, readme: string): readonly DocTest[] {
  if (!existsSync(join(root, readme))) return []
  const blocks = codeBlocks(readFileSync(join(root, readme), 'utf8'))
  return blocks.map((block) => ({ ...block, readme, name: `${readme}:${block.line}` }))
}

/** The blocks of one run, written to files. Dispose to remove the files. */
export class DocTestRun implements AsyncDisposable {
  readonly #root: string
  readonly #folders = new Map<string, string>()
  readonly #files = new Map<string, string>()
  #diagnostics = new Map<string, string[]>()

  private constructor(root: string) {
    this.#root = root
  }

  /** Writes the blocks and type-checks them all at once, under the workspace's own compiler options. */
  static async start(root: string, tests: readonly DocTest[]): Promise<DocTestRun> {
    const run = new DocTestRun(root)
    try {
      for (const test of tests) if (test.kind !== 'sh') await run.#write(test)
      await run.#checkTypes()
    } catch (error) {
      await run[Symbol.asyncDispose]()
      throw error
    }
    return run
  }

  /** The type errors of one block, as the compiler says them with lines of the README. */
  typeErrors(test: DocTest): readonly string[] {
    return this.#diagnostics.get(test.name) ?? []
  }

  /** Executes a block in an empty temporary folder: a module under this Node, or a shell script that stops at the first failure. */
  async execute(test: DocTest): Promise<CommandResult> {
    const folder = await mkdtemp(join(tmpdir(), 'doc-test-'))
    const path = `${join(this.#root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`
    const options = {
      cwd: folder,
      env: { PATH: path, NODE_ENV: undefined, VITEST: undefined, NO_COLOR: '1' },
      timeoutMs: 100_000,
    }
    try {
      if (test.kind === 'sh') return await runCommand('sh', ['-euc', test.code], options)
      return await runCommand(process.execPath, [this.#file(test)], options)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of this.#folders.values()) await rm(folder, { recursive: true, force: true })
  }

  #file(test: DocTest): string {
    const file = this.#files.get(test.name)
    if (file === undefined) throw new Error(`${test.name} is not part of this run`)
    return file
  }

  async #write(test: DocTest): Promise<void> {
    const folder = await this.#folderBeside(join(this.#root, dirname(test.readme)))
    const file = join(folder, `${basename(test.readme, '.md')}-${test.line}.ts`)
    await writeFile(file, `${'\n'.repeat(test.line)}${test.code}`)
    this.#files.set(test.name, file)
  }

  async #folderBeside(parent: string): Promise<string> {
    const folder = this.#folders.get(parent) ?? (await mkdtemp(join(parent, '.doc-tests-')))
    this.#folders.set(parent, folder)
    return folder
  }

  async #checkTypes(): Promise<void> {
    const files = [...this.#files.values()]
    if (files.length === 0) return
    const project = join(await this.#folderBeside(this.#root), 'tsconfig.json')
    const settings = { extends: '../tsconfig.json', include: [], files }
    await writeFile(project, JSON.stringify(settings))
    const tsc = join(this.#root, 'node_modules', '.bin', 'tsc')
    const result = await runCommand(tsc, ['--noEmit', '--pretty', 'false', '-p', project], {
      cwd: this.#root,
      timeoutMs: 100_000,
    })
    this.#diagnostics = this.#byTest(result.output)
    if (result.code !== 0 && !/\(\d+,\d+\): error/.test(result.output)) {
      throw new Error(`the type check of the code blocks did not run: ${result.output}`)
    }
  }

  #byTest(output: string): Map<string, string[]> {
    const names = new Map([...this.#files].map(([name, file]) => [file, name]))
    const diagnostics = new Map<string, string[]>()
    for (const line of output.split('\n')) {
      const [, file = '', place = '', text = ''] = /^(.+)\((\d+),\d+\): (.*)$/.exec(line) ?? []
      const name = names.get(resolve(this.#root, file))
      if (name === undefined) continue
      diagnostics.set(name, [...(diagnostics.get(name) ?? []), `line ${place}: ${text}`])
    }
    return diagnostics
  }
}

/** For messages: a path of this run without its temporary folder. */
export function readable(root: string, output: string): string {
  return output
    .replaceAll(/file:\/\//g, '')
    .replaceAll(`${root}/`, '')
    .replaceAll(/\.doc-tests-\w+\/([\w-]+?)-\d+\.ts/g, '$1.md')
}
