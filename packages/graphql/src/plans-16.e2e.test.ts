import { vi } from 'vitest'
import { describePlans } from '../test/plans.ts'

// Every import of graphql in this package's sources gets the older version.
vi.mock('graphql', () => import('graphql-16'))

describePlans('16')
