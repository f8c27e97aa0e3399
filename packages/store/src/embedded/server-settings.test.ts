import { describe, expect, test } from 'vitest'
import { checkSettings, settingArguments } from './server-settings.ts'

const socket = { socketFolder: '/tmp/typestead-x', port: 5432 }

describe('settingArguments', () => {
  test('listens on the socket alone, behind a closed door', () => {
    const args = settingArguments({}, socket)
    expect(args).toContain('listen_addresses=')
    expect(args).toContain('unix_socket_directories="/tmp/typestead-x"')
    expect(args).toContain('unix_socket_permissions=0700')
  })

  test("takes the caller's value over our default, each name once", () => {
    const args = settingArguments(
      { shared_buffers: '1GB', 'auto_explain.log_analyze': 'on' },
      socket,
    )
    expect(args).toContain('shared_buffers=1GB')
    expect(args).toContain('auto_explain.log_analyze=on')
    const names = args.filter((argument) => argument !== '-c').map((pair) => pair.split('=')[0])
    expect(new Set(names).size).toBe(names.length)
    expect(args.filter((argument) => argument === '-c')).toHaveLength(names.length)
  })

  test('quotes a socket folder, whose setting is a list', () => {
    expect(settingArguments({}, { socketFolder: '/tmp/a, "b"', port: 1 })).toContain(
      'unix_socket_directories="/tmp/a, ""b"""',
    )
  })

  test('on Windows: 127.0.0.1 and no socket', () => {
    const args = settingArguments({}, { port: 6543 })
    expect(args).toContain('listen_addresses=127.0.0.1')
    expect(args).toContain('port=6543')
    expect(args).toContain('unix_socket_directories=')
  })
})

describe('checkSettings', () => {
  test('lets ordinary settings pass, and what stays as it is', () => {
    checkSettings({ work_mem: '4MB', 'pg_stat_statements.track': 'all', fsync: 'on' })
  })

  test.each([
    ['fsync', 'off'],
    ['synchronous_commit', 'off'],
    ['full_page_writes', 'off'],
    ['hba_file', '/tmp/x'],
    ['data_directory', '/tmp/x'],
    ['work_mem=1;x', '1'],
    ['__proto__.x', '\n'],
    ['', ''],
  ])('refuses %s', (name, value) => {
    expect(() => checkSettings({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'EMBEDDED_BAD_OPTION' }),
    )
  })
})
