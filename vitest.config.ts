import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { ClosingLineReporter } from './scripts/closing-line-reporter.ts'

const tests = [
  'packages/**/*.test.{ts,tsx}',
  'apps/**/*.test.{ts,tsx}',
  'examples/**/*.test.ts',
  'scripts/**/*.test.ts',
  'bench/*.test.ts',
]
const never = ['**/node_modules/**', '**/dist/**', 'bench/peers/**']

/**
 * The files that take half a minute and more, so that none of them begins when all others have ended. In a fresh
 * checkout Vitest knows no durations and begins with the largest files, which these are not.
 */
const longest = [
  'packages/journal/test/crashes.e2e.test.ts',
  'packages/bot/src/adapters/kills.e2e.test.ts',
  'packages/store/test/mongo.e2e.test.ts',
  'packages/store/test/mongo-crash.e2e.test.ts',
  'packages/store/test/postgres.e2e.test.ts',
  'packages/typestead/test/workbench-console.e2e.test.ts',
  'scripts/tarballs.e2e.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      longest.some((file) => moduleId.endsWith(file))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLineReporter()],
    // Half of the time of an e2e test is waiting for servers, browsers and disks, so a second file fills it also on two
    // cores. No test file may thus rely on being alone: free ports, folders of its own, no asserts on timings.
    maxWorkers: Math.min(4, Math.max(2, availableParallelism() - 1)),
    sequence: { sequencer: LongestFirst },
    globalSetup: 'scripts/run-folder.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: tests,
          exclude: [...never, '**/*.e2e.test.*'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: tests.map((pattern) => pattern.replace('.test.', '.e2e.test.')),
          exclude: never,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
