/**
 * Ends a test run with one plain line, `N passed, N failed, N skipped`, for people and machines alike.
 * What failed without being a test counts as one failure each: a file that doesn't load, a hook of a file or a
 * `describe` that throws, an error that nobody caught; so "0 failed" always means that the run is good.
 */
import type { Reporter, TestModule } from 'vitest/node'

export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      const failedBefore = counts.failed
      for (const test of module.children.allTests()) {
        const state = test.result().state
        counts[state === 'pending' ? 'skipped' : state]++
      }
      for (const suite of module.children.allSuites())
        if (suite.errors().length > 0) counts.failed++
      if (module.errors().length > 0) counts.failed++
      if (module.state() === 'failed' && counts.failed === failedBefore) counts.failed++
    }
    const line = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`
    // Printed on exit, so that it stands after everything that other reporters print.
    process.once('exit', () => process.stdout.write(`${line}\n`))
  }
}
