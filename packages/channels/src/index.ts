/** Everything: the one-thread part, and threads under Node. Browsers get `core.ts` by the `browser` condition. */
export * from './core.ts'
export * from './threads/index.ts'
