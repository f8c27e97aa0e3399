import { vi } from 'vitest'
import { describeBehaviour } from '../test/behaviour.ts'

// Every import of graphql in this package's sources gets the older version.
vi.mock('graphql', () => import('graphql-16'))

describeBehaviour('16')
