import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command, endpointsOf, eventually, type RunningApp, run, startApp } from './command.ts'
import { type TinyApp, tinyApp } from './tiny-app.ts'

const countPosts = '{ posts(first: 1000) { nodes { id } } }'

async function posts(running: RunningApp): Promise<number> {
  const answer = await (await running.ask(countPosts)).json()
  return answer.data.posts.nodes.length
}

function postmaster(app: TinyApp): number {
  return Number(app.read('.typestead/postgres/postmaster.pid').split('\n')[0])
}

describe('start', () => {
  it('migrates, seeds and serves an empty data folder, prints its URL, and stops clean', async () => {
    using app = tinyApp()
    await using running = await startApp(app.folder)
    expect(await posts(running)).toBe(200)
    expect((await fetch(`${running.application}/healthz`)).status).toBe(200)
    expect(running.command.output()).toContain(running.application)
    const { code, stderr } = await running.stop()
    expect(code).toBe(0)
    expect(stderr).toMatch(/migrating 100 %[\s\S]*seeding 100 %/)
    expect(existsSync(join(app.folder, '.typestead/endpoints.json'))).toBe(false)
    expect(existsSync(join(app.folder, '.typestead/postgres/postmaster.pid'))).toBe(false)
  })

  it('keeps generated secrets in a file of its owner, and out of its output', async () => {
    using app = tinyApp()
    await using running = await startApp(app.folder)
    const file = join(app.folder, '.typestead/secrets.json')
    const { ADMIN_PASSWORD } = JSON.parse(readFileSync(file, 'utf8'))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { stdout, stderr } = await running.stop()
    expect(ADMIN_PASSWORD).toMatch(/^[\w-]{20}$/)
    expect(stdout + stderr).not.toContain(ADMIN_PASSWORD)
    expect(stdout).toContain(file)
  })

  it('goes on after kill -9 of itself, and of its database too', async () => {
    using app = tinyApp()
    const first = await startApp(app.folder)
    await first.ask(
      'mutation { createUser(data: { email: "b@example.com", name: "Bo", password: "12345678" }) { id } }',
    )
    await first.kill()
    const second = await startApp(app.folder)
    expect(await (await second.ask('{ users { nodes { name } } }')).text()).toContain('Bo')
    const database = postmaster(app)
    await second.kill()
    process.kill(database, 'SIGKILL')
    await using third = await startApp(app.folder)
    expect(await (await third.ask('{ users { nodes { name } } }')).text()).toContain('Bo')
    expect(await posts(third)).toBe(200)
  })

  it('seeds anew after a seed that was killed', async () => {
    using app = tinyApp()
    const killed = command(['start'], { cwd: app.folder, env: { SEED_PAUSE: '200' } })
    const { application } = await endpointsOf(app.folder, killed)
    await eventually(() => killed.output().includes('seeding 20 %'), killed)
    expect((await fetch(`${application}/healthz`)).status).toBe(200)
    const ready = await fetch(`${application}/readyz`)
    expect(ready.status).toBe(503)
    expect((await ready.json()).reasons.process).toContain('seeded')
    expect((await fetch(`${application}/`)).status).toBe(503)
    killed.child.kill('SIGKILL')
    await killed.ended
    await using running = await startApp(app.folder)
    expect(await posts(running)).toBe(200)
  })

  it('ends cleanly by SIGTERM while it seeds', async () => {
    using app = tinyApp()
    const started = command(['start'], { cwd: app.folder, env: { SEED_PAUSE: '200' } })
    await eventually(() => started.output().includes('seeding 20 %'), started)
    started.child.kill('SIGTERM')
    expect((await started.ended).code).toBe(0)
    await using running = await startApp(app.folder)
    expect(await posts(running)).toBe(200)
  })

  it('says 503 while its database is down, and recovers by itself', async () => {
    using app = tinyApp()
    await using running = await startApp(app.folder)
    const database = postmaster(app)
    // Stopped, it keeps its connections and answers nothing, and a watcher sees it alive.
    process.kill(database, 'SIGSTOP')
    process.kill(database, 'SIGKILL')
    const seen: string[] = []
    await eventually(async () => {
      const { status } = await running.ask(countPosts)
      const alive = (await fetch(`${running.application}/healthz`)).status
      seen.push(`${status} ${alive}`)
      return status === 200 && postmaster(app) !== database
    })
    expect(new Set(seen)).toSatisfy((all: Set<string>) =>
      [...all].every((one) => one === '503 200' || one === '200 200'),
    )
    expect(await posts(running)).toBe(200)
  })

  it('says which port is taken, and how to take another', async () => {
    using app = tinyApp()
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const { code, stderr } = await run(['start'], { cwd: app.folder, env: { PORT: String(port) } })
    other.close()
    expect(code).toBe(1)
    expect(stderr).toContain(`port ${port} on 127.0.0.1 is taken`)
    expect(stderr).toContain('set PORT to another port (0 picks a free one) (PORT_BUSY)')
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('ends at once by a second signal', async () => {
    using app = tinyApp()
    const running = await startApp(app.folder)
    const controller = new AbortController()
    const upload = new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('{')) })
    const open = fetch(`${running.application}/api`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: upload,
      duplex: 'half',
      signal: controller.signal,
    } as RequestInit).catch(() => {})
    await eventually(async () => (await fetch(`${running.application}/healthz`)).status === 200)
    running.command.child.kill('SIGTERM')
    await eventually(async () => {
      await fetch(`${running.application}/healthz`).then(
        () => Promise.reject(new Error('still listening')),
        () => {},
      )
      return true
    })
    running.command.child.kill('SIGTERM')
    const { code } = await running.command.ended
    controller.abort()
    await open
    expect(code).toBe(143)
  })

  it('ends a running request with its answer before it stops, and takes no new one', async () => {
    using app = tinyApp()
    app.edit(
      'typestead.config.ts',
      'signIn:',
      `routes: (app) => async () => {
        console.log('asked')
        await new Promise((resolve) => setTimeout(resolve, 1_000))
        return Response.json({ posts: await app.db.count(Post) })
      },
      signIn:`,
    )
    await using running = await startApp(app.folder)
    const answer = fetch(running.application)
    await eventually(() => running.command.output().includes('asked'))
    running.command.child.kill('SIGTERM')
    expect(await (await answer).json()).toEqual({ posts: 200 })
    expect((await running.command.ended).code).toBe(0)
  })

  it('waits for a database that does not answer yet', async () => {
    using app = tinyApp()
    const started = command(['start'], {
      cwd: app.folder,
      env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
    })
    const { application } = await endpointsOf(app.folder, started)
    await eventually(async () => {
      const { reasons } = await (await fetch(`${application}/readyz`)).json()
      return reasons.process === 'the database does not answer'
    }, started)
    expect((await fetch(`${application}/healthz`)).status).toBe(200)
    started.child.kill('SIGTERM')
    expect((await started.ended).code).toBe(0)
  })
})

describe('start in production', () => {
  it('refuses what is for development, and says what to set for each', async () => {
    using app = tinyApp()
    const { code, stderr } = await run(['start', '--production'], { cwd: app.folder })
    expect(code).toBe(4)
    expect(stderr).toContain('set DATABASE_URL')
    expect(stderr).toContain('set ADMIN_PASSWORD')
    expect(stderr).toContain('set TYPESTEAD_WORKBENCH_TOKEN')
    expect(existsSync(join(app.folder, '.typestead'))).toBe(false)
  })

  it('needs a token for the workbench on any host but loopback', async () => {
    using app = tinyApp()
    const { code, stderr } = await run(['start'], {
      cwd: app.folder,
      env: { TYPESTEAD_HOST: '0.0.0.0' },
    })
    expect(code).toBe(2)
    expect(stderr).toContain('set TYPESTEAD_WORKBENCH_TOKEN')
  })
})

describe('a config', () => {
  const configs = [
    ['no default export', 'export const a = 1', /typestead\.config\.ts has no default export/],
    ['a model that is none', 'export default { model: 3 }', /model: must be made by defineModel/],
    ['an unknown part', 'export default { modle: 3 }', /"modle"/],
    [
      'a seed that is no function',
      `import { model } from './model.ts'; export default { model, seed: 1 }`,
      /seed: must be a function/,
    ],
    [
      'a sign-in by an unknown field',
      `import { model, User } from './model.ts'; export default { model, signIn: { user: User, login: 'mail', password: 'password' } }`,
      /signIn\.login: User has no field "mail"/,
    ],
    ['a syntax error', 'export default {', /cannot be loaded/],
    [
      'an error of its own',
      `throw new Error('mine')`,
      /cannot be loaded: mine\n {2}at .*typestead\.config\.ts:1/,
    ],
  ] as const
  for (const [what, text, message] of configs) {
    it(`with ${what} is refused by its path`, async () => {
      using app = tinyApp()
      app.write('typestead.config.ts', text)
      const { code, stderr } = await run(['start'], { cwd: app.folder })
      expect(code).toBe(1)
      expect(stderr).toMatch(message)
      expect(stderr).toContain('(CONFIG_INVALID)')
      expect(stderr).not.toContain('node:internal')
    })
  }

  it('that is missing is a wrong usage', async () => {
    using app = tinyApp({})
    const { code, stderr } = await run(['start'], { cwd: app.folder })
    expect(code).toBe(2)
    expect(stderr).toContain('there is no typestead.config.ts')
  })

  it('is found upwards', async () => {
    using app = tinyApp()
    const deeper = join(app.folder, 'a', 'b')
    mkdirSync(deeper, { recursive: true })
    const { code, stdout } = await run(['graphql', 'schema'], {
      cwd: deeper,
    })
    expect(code).toBe(0)
    expect(stdout).toContain('type Post {')
  })
})

describe('the command line', () => {
  const wrong = [
    [['nonsense'], {}, 'unknown command'],
    [['start', '--nonsense'], {}, 'unknown option'],
    [['start'], { PORT: '70000' }, 'PORT: must be a port'],
    [['start'], { DATABASE_URL: 'mysql://x' }, 'DATABASE_URL: must start with postgres://'],
    [['start'], { DATABASE_URL: 'postgres://u:p@[bad/x' }, 'DATABASE_URL: must have a host'],
    [['start'], { DATABASE_URL: 'mongodb://u:%@h/x' }, 'DATABASE_URL: must have the form'],
    [['start'], { TYPESTEAD_DATA: 'package.json' }, 'is a file; set TYPESTEAD_DATA'],
    [['plan'], { TYPESTEAD_DATA: 'package.json' }, 'is a file; set TYPESTEAD_DATA'],
    [['dev'], { TYPESTEAD_DATA: 'package.json' }, 'is a file; set TYPESTEAD_DATA'],
    [['start'], { TYPESTEAD_HOST: '999.1.1.1' }, 'TYPESTEAD_HOST: must be an address'],
    [['plan', '--from', 'missing.json'], {}, 'missing.json cannot be read'],
  ] as const
  let app: TinyApp
  beforeAll(() => {
    app = tinyApp()
  })
  afterAll(() => app[Symbol.dispose]())

  for (const [args, env, message] of wrong) {
    it(`exits with 2 for ${args.join(' ')} ${JSON.stringify(env)}`, async () => {
      const { code, stderr } = await run(args, { cwd: app.folder, env })
      expect(code).toBe(2)
      expect(stderr).toContain(message)
    })
  }

  it('lists the exit codes in its help', async () => {
    const { code, stdout } = await run(['start', '--help'], { cwd: app.folder })
    expect(code).toBe(0)
    expect(stdout).toMatch(/Exit codes:[\s\S]*3 {2}the database waits/)
  })

  it('prints a stack only when asked for', async () => {
    const plain = await run(['plan', '--from', 'missing.json'], { cwd: app.folder })
    const verbose = await run(['plan', '--from', 'missing.json', '--verbose'], { cwd: app.folder })
    expect(plain.stderr).not.toContain('    at ')
    expect(verbose.stderr).toMatch(/ {4}at [\s\S]*caused by: .*ENOENT/)
  })
})
