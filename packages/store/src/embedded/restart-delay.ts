/** Milliseconds to wait before the next restart: none, then 200 doubling up to 10 000. */
export function restartDelay(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(10_000, 100 * 2 ** attempts)
}
