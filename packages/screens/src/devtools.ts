/** For development. */
export { type RebuildCounterOptions, rebuildCounter } from './devtools/rebuild-counter.ts'
