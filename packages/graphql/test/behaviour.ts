/** What the API does, over HTTP and on a real store: run on graphql-js 17 and 16, with equal answers. */
import { version } from 'graphql'
import { describe, expect, test } from 'vitest'
import { openHarness } from './behaviour/harness.ts'
import { describeHttp } from './behaviour/http.ts'
import { describeHttpRequests } from './behaviour/http-requests.ts'
import { describeNames } from './behaviour/names.ts'
import { describeReads } from './behaviour/reads.ts'
import { describeRefusals } from './behaviour/refusals.ts'
import { describeValues } from './behaviour/values.ts'

export function describeBehaviour(major: string): void {
  const harness = openHarness()

  describe(`on graphql-js ${major}`, () => {
    test('is the version that is meant', () => {
      expect(version.split('.')[0]).toBe(major)
    })

    describeValues(harness)
    describeReads(harness)
    describeNames(harness)
    describeRefusals(harness)
    describeHttp(harness)
    describeHttpRequests(harness)
  })
}
