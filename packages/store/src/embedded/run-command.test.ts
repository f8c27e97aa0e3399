import { expect, test } from 'vitest'
import { runCommand, serverEnvironment } from './run-command.ts'

test('the server sees no PG variables, secrets or locale of the application', () => {
  const from = {
    PATH: '/bin',
    PGDATA: '/x',
    SECRET_TOKEN: 's',
    LANG: 'de_DE.UTF-8',
    TZ: 'Asia/Tokyo',
  }
  expect(serverEnvironment(from)).toEqual({ PATH: '/bin', LC_ALL: 'C', TZ: 'UTC' })
})

test('a command answers its exit code and output, and the code of a failed start', async () => {
  const node = (script: string) => ({ file: process.execPath, args: ['-e', script] })
  const ended = await runCommand(node("console.log('out'); console.error('err'); process.exit(3)"))
  expect(ended).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' })
  const killed = await runCommand(node("process.kill(process.pid, 'SIGKILL')"))
  expect(killed.code).toBe('SIGKILL')
  expect(await runCommand({ file: '/no/such/program', args: [] })).toMatchObject({ code: 'ENOENT' })
})

test('an abort ends the command with its reason', async () => {
  const forever = { file: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] }
  const running = runCommand(forever, AbortSignal.timeout(10))
  await expect(running).rejects.toMatchObject({ name: 'TimeoutError' })
})
