import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { budgetedApps, judge } from './budgets.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

describe('budgets', () => {
  const apps = budgetedApps(root)

  test('are found where an app states one', () => {
    const folders = apps.map(({ folder }) => folder.slice(root.length + 1))
    expect(folders).toContain('examples/screens-counter')
  })

  test.each(apps.map((app) => [app.folder.slice(root.length + 1), app] as const))(
    'the first load of %s',
    async (_name, app) => {
      expect((await judge(app)).over).toEqual([])
    },
  )

  test('an app over its budget is named with its largest modules; what is loaded later does not count', async () => {
    // Inside the workspace, so that packages are found; under a name that no search for apps visits.
    const folder = mkdtempSync(`${root}/scripts/budgets/app-`)
    try {
      const numbers = (seed: number) =>
        `export const numbers = ${JSON.stringify(Array.from({ length: 2000 }, (_, at) => (at * seed) % 65_521))}`
      const files = {
        'index.html': '<script type="module" src="./main.js"></script>',
        'main.js': `import { numbers } from './large.js'
import './style.css'
document.title = String(numbers)
document.onclick = () => import('./later.js').then((later) => console.log(later.numbers))`,
        'large.js': numbers(7919),
        'later.js': numbers(6101),
        'style.css': 'h1 { color: red }',
      }
      for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text)
      const { load, over } = await judge({ folder, budget: { js: 2, css: 1 } })
      expect(over).toEqual([
        expect.stringMatching(/^\d+\.\d\d KB of js, 2 KB are allowed; .*: large\.js \d+\.\d\d KB/),
      ])
      expect(load.modules.map(({ name }) => name)).not.toContain('later.js')
      expect(load.css).toBeGreaterThan(0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
