import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, run } from './command.ts'

const execute = promisify(execFile)

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'new-app-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))

describe('new', () => {
  it('refuses a folder that is not empty', async () => {
    writeFileSync(join(folder, 'mine.txt'), 'mine')
    const { code, stderr } = await run(['new', '.'], { cwd: folder })
    expect(code).toBe(1)
    expect(stderr).toContain('is not empty')
    rmSync(join(folder, 'mine.txt'))
  })

  it('makes an app that npm installs, that type-checks, starts and plans', {
    timeout: 300_000,
  }, async () => {
    const { code, stdout } = await run(['new', 'My Shop'], { cwd: folder })
    expect(code).toBe(0)
    expect(stdout).toContain("cd 'My Shop'\n")
    expect(stdout).toContain('npm install')
    const app = join(folder, 'My Shop')
    for (const file of [
      '.gitignore',
      '.npmrc',
      'README.md',
      'tsconfig.json',
      'task.ts',
      'typestead.config.ts',
    ]) {
      expect(existsSync(join(app, file)), file).toBe(true)
    }
    expect(JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')).name).toBe('my-shop')
    const { TYPESTEAD_DATA, DATABASE_URL, ...inherited } = process.env
    const env = { ...inherited, PORT: '0' }
    await execute('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd: app,
      env,
    })
    await execute('npm', ['run', 'check'], { cwd: app, env })
    const started = execFile('npm', ['start'], { cwd: app, env })
    const ended = new Promise<number | null>((resolve) => started.on('exit', resolve))
    const listed = () => JSON.parse(readFileSync(join(app, '.typestead/endpoints.json'), 'utf8'))
    await eventually(async () => (await fetch(`${listed().application}/readyz`)).ok)
    const response = await fetch(`${listed().application}/api`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ tasks { nodes { title } } }"}',
    })
    expect((await response.json()).data.tasks.nodes).toHaveLength(2)
    expect((await fetch(`${listed().application}/api/graphiql`)).status).toBe(200)
    writeFileSync(
      join(app, 'task.ts'),
      readFileSync(join(app, 'task.ts'), 'utf8').replace(
        'done:',
        'note: string().nullable(),\n  done:',
      ),
    )
    const planned = await execute('npm', ['run', 'plan'], { cwd: app, env })
    expect(planned.stdout).toContain('alter table "task" add column "note"')
    process.kill(listed().pid, 'SIGTERM')
    expect(await ended).toBe(0)
  })
})
