import { describePlans } from '../test/plans.ts'

describePlans('17')
