/**
 * `node scripts/budgets.ts [--json] [folder…]`: builds every app with a page, and compares what its first load takes,
 * gzip, with the budget that its package.json states: `"budget": { "js": 40, "css": 15 }`, in KB of 1,024 bytes. An app
 * over budget is named with its largest modules, and the exit code is 1.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type FirstLoad, firstLoad } from './budgets/first-load.ts'

export interface Budget {
  /** KB of 1,024 bytes. */
  readonly js: number
  readonly css: number
}

/** A folder with a vite.config.ts, whose package.json, or that of a folder above, states a budget. */
export interface BudgetedApp {
  readonly folder: string
  readonly budget: Budget
}

export interface Verdict {
  readonly folder: string
  readonly budget: Budget
  readonly load: FirstLoad
  /** One sentence each; none when it keeps its budget. */
  readonly over: readonly string[]
}

export function budgetedApps(root: string): readonly BudgetedApp[] {
  const configs = globSync(['apps/**/vite.config.ts', 'examples/**/vite.config.ts'], {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|dist)$/.test(name),
  })
  return configs.sort().flatMap((config) => {
    const folder = dirname(join(root, config))
    const budget = budgetOf(folder, root)
    return budget === undefined ? [] : [{ folder, budget }]
  })
}

export async function judge({ folder, budget }: BudgetedApp): Promise<Verdict> {
  const load = await firstLoad(folder)
  const largest = load.modules
    .slice(0, 8)
    .map(({ name, bytes }) => `${name} ${kilobytes(bytes)}`)
    .join(', ')
  const over = (['js', 'css'] as const)
    .filter((kind) => load[kind] > budget[kind] * 1024)
    .map((kind) => {
      const parts = kind === 'js' ? `; its largest modules: ${largest}` : ''
      return `${kilobytes(load[kind])} of ${kind}, ${budget[kind]} KB are allowed${parts}`
    })
  return { folder, budget, load, over }
}

/** The nearest package.json with a budget, up to the root. @throws {Error} for a budget that is no pair of numbers */
function budgetOf(folder: string, root: string): Budget | undefined {
  for (let at = folder; at.startsWith(root) && at !== root; at = dirname(at)) {
    const file = join(at, 'package.json')
    if (!existsSync(file)) continue
    const { budget }: { budget?: Partial<Budget> } = JSON.parse(readFileSync(file, 'utf8'))
    if (budget === undefined) continue
    const { js, css } = budget
    if (typeof js !== 'number' || typeof css !== 'number') {
      throw new Error(`${file}: write "budget": { "js": 40, "css": 15 }, in KB`)
    }
    return { js, css }
  }
  return undefined
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(2)} KB`
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
  const chosen = positionals.map((folder) => resolve(folder))
  const verdicts: Verdict[] = []
  for (const app of budgetedApps(root)) {
    if (chosen.length > 0 && !chosen.includes(app.folder)) continue
    const verdict = await judge(app)
    verdicts.push(verdict)
    if (values.json) continue
    const { js, css } = verdict.load
    const name = relative(root, app.folder)
    const { budget } = app
    process.stdout.write(
      `budgets: ${name}: js ${kilobytes(js)} of ${budget.js}, css ${kilobytes(css)} of ${budget.css}\n`,
    )
    for (const sentence of verdict.over) process.stdout.write(`budgets: ${name}: ${sentence}\n`)
  }
  if (values.json) process.stdout.write(`${JSON.stringify(verdicts, undefined, 2)}\n`)
  if (verdicts.some(({ over }) => over.length > 0)) process.exitCode = 1
}
