/** The console while its server is away, while its files change, and where there is nothing to show. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command, eventually, type RunningApp, startApp } from './command.ts'
import { tinyApp } from './tiny-app.ts'
import { type ConsolePages, consolePages, executablePath, violations } from './workbench-pages.ts'

/** The variables with which another run listens where this one did. */
const portsOf = ({ application, workbench }: RunningApp) => ({
  PORT: new URL(application).port,
  TYPESTEAD_WORKBENCH_PORT: new URL(workbench).port,
})

describe.skipIf(executablePath === null)('the console', () => {
  let pages: ConsolePages

  beforeAll(async () => {
    pages = await consolePages()
  })

  afterAll(() => pages?.[Symbol.asyncDispose]())

  it('says what to do where there is nothing yet', async () => {
    using app = tinyApp()
    await using running = await startApp(app.folder)
    const page = await pages.open(`${running.workbench}/operations/requests`, { bypassCSP: true })
    const shown = async (path: string, text: string) => {
      await page.goto(running.workbench + path)
      await page.getByText(text).waitFor()
      expect(await violations(page)).toEqual([])
    }
    await shown('/operations/requests', 'No request yet')
    await shown('/api/operations', 'No operation yet')
    await shown('/channels', 'No goroutine runs now')
    await shown('/model/plan', 'The database, the API and the classes agree')
    await shown('/model/rows/Session', 'No row here')
    await shown('/model/rows/Nothing', 'The model has no entity Nothing')
    await shown('/api/schema?text=nothingatall', 'No type has that name in it')
    await page.context().close()
  })

  it('says that the server is away, tries again, and goes on with a new one by itself', async () => {
    using app = tinyApp()
    const first = await startApp(app.folder)
    const ports = portsOf(first)
    const log = await pages.open(`${first.workbench}/operations/log`, { bypassCSP: true })
    const rows = await pages.open(`${first.workbench}/model/rows/Post`, { bypassCSP: true })
    await rows.locator('tbody tr', { hasText: 'Post 1' }).first().waitFor()
    await first.kill()
    for (const page of [log, rows]) await page.getByText('The server does not answer.').waitFor()
    await log.getByText('No answer').waitFor()
    expect(await violations(log)).toEqual([])
    // What was there stays; a page that is opened now says so.
    await rows.locator('tbody tr', { hasText: 'Post 1' }).first().waitFor()
    await rows.getByRole('link', { name: 'Migrations' }).first().click()
    await rows.getByRole('heading', { name: 'This page could not be opened' }).waitFor()
    expect(await violations(rows)).toEqual([])
    await using second = await startApp(app.folder, { env: ports })
    expect(second.workbench).toBe(first.workbench)
    for (const page of [log, rows]) {
      await page.getByText('The server does not answer.').waitFor({ state: 'hidden' })
      await page.getByText('Everything serves').waitFor()
    }
    await rows.getByText('new entity User').waitFor()
    await second.ask('{ posts(first: 1) { nodes { title } } }')
    await log.getByText('POST /api → 200').first().waitFor()
    // The first server’s entries are gone with it.
    expect(await log.getByText('ready', { exact: true }).count()).toBeLessThan(2)
    await log.context().close()
    await rows.context().close()
  })

  it('shows what files would change while they are edited, marked by what it destroys', async () => {
    using app = tinyApp()
    await using running = await startApp(app.folder)
    const page = await pages.open(`${running.workbench}/model/plan`, { bypassCSP: true })
    await page.getByText('agree').waitFor()
    app.edit('model.ts', '  title: string().max(200),', '  headline: string().default(""),')
    await page.getByText('loses values').first().waitFor()
    await page.getByText('after a change of model.ts').waitFor()
    await page.locator('.badge', { hasText: '2' }).waitFor()
    await page.getByText(/refused until you decide/).waitFor()
    expect(await violations(page)).toEqual([])
    app.edit('model.ts', 'export class Post', 'export klass Post')
    await page.getByText('The files cannot be compared as they are').waitFor()
    app.edit('model.ts', 'export klass Post', 'export class Post')
    app.edit('model.ts', '  headline: string().default(""),', '  title: string().max(200),')
    await page.getByText('agree').waitFor()
    await page.context().close()
  })

  it('a field added to a class is in its form, its table and the API, without another edit', async () => {
    using app = tinyApp()
    const dev = command(['dev'], { cwd: app.folder })
    const listed = () => JSON.parse(app.read('.typestead/endpoints.json'))
    await eventually(async () => (await fetch(`${listed().workbench}/readyz`)).ok, dev)
    const page = await pages.open(`${listed().workbench}/model/rows/Post`)
    await page.locator('tbody tr', { hasText: 'Post 1' }).first().click()
    await page.locator('[name=title]').waitFor()
    app.edit(
      'model.ts',
      '  title: string().max(200),',
      '  title: string().max(200),\n  subtitle: string().default("none yet"),',
    )
    // The page is the same all the time.
    await page.locator('[name=subtitle]').waitFor({ timeout: 60_000 })
    await page.locator('th', { hasText: 'Subtitle' }).waitFor()
    await eventually(async () => {
      const answer = await fetch(`${listed().application}/api`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ posts(first: 1) { nodes { subtitle } } }' }),
      })
      return (await answer.json()).data.posts.nodes[0].subtitle === 'none yet'
    }, dev)
    await page.locator('[name=subtitle]').fill('By hand')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.locator('tbody tr', { hasText: 'By hand' }).waitFor()
    await page.context().close()
    dev.child.kill('SIGTERM')
    await dev.ended
  })

  it('tells of a row that somebody else changed, field by field, at once or when it is saved', async () => {
    using app = tinyApp()
    app.edit(
      'model.ts',
      '  title: string().max(200),',
      '  title: string().max(200),\n  revision: int().default(0),',
    )
    app.edit(
      'model.ts',
      '  allow: { read: true, create',
      "  version: 'revision',\n  allow: { read: true, create",
    )
    app.edit('model.ts', 'import { ', 'import { int, ')
    await using running = await startApp(app.folder)
    const page = await pages.open(`${running.workbench}/model/rows/Post`)
    const row = (text: string) => page.locator('tbody tr', { hasText: text }).first()
    const write = (title: string) => {
      const key = new URL(page.url()).searchParams.get('row')
      return fetch(`${running.workbench}/_typestead/rows/Post/${key}`, {
        method: 'PATCH',
        body: JSON.stringify({ values: { title } }),
      })
    }
    await row('Post 1').click()
    await page.locator('[name=title]').fill('Mine')
    await write('Theirs')
    await page.getByText('Changed elsewhere to “Theirs”').waitFor()
    await row('Theirs').waitFor()
    expect(await page.locator('[name=title]').inputValue()).toBe('Mine')
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await row('Mine').waitFor()

    // Without the events the version tells.
    await page.route('**/events?topics=rows', (route) => route.abort())
    await page.reload()
    await page.locator('[name=title]').fill('Mine again')
    await write('Theirs again')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Somebody changed this row meanwhile').waitFor()
    await page.getByText('Changed elsewhere to “Theirs again”').waitFor()
    await page.getByRole('button', { name: 'Take it' }).click()
    expect(await page.locator('[name=title]').inputValue()).toBe('Theirs again')
    await page.context().close()
  })

  it('had no error of its own in all of these', () => {
    expect(pages.complaints).toEqual([])
  })
})
