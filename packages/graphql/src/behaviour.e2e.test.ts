import { describeBehaviour } from '../test/behaviour.ts'

describeBehaviour('17')
