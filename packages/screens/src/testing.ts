/** Helpers for tests of managers, controllers and pages; they need no browser. */
export type { Clock } from './clock.ts'
export { type Collected, collect } from './testing/collect.ts'
export { inspectScreens, type ScreensCounts } from './testing/inspect-screens.ts'
export { type ManualClock, useManualClock } from './testing/manual-clock.ts'
export { testScope } from './testing/test-scope.ts'
