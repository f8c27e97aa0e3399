import { expect, test } from 'vitest'
import { windowsOptions } from './windows-control.ts'

test('pg_ctl gets its options as one string of quoted arguments', () => {
  expect(windowsOptions(['-c', 'cluster_name=a "b"'])).toBe('"-c" "cluster_name=a \\"b\\""')
})
