/** Transactions, where the store has them; elsewhere the refusal that says what is needed. */
import { describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import { Team } from './models.ts'

export function transactionsBehave(office: Office): void {
  describe('transactions', () => {
    test('keep all or nothing', async ({ skip }) => {
      const { db } = office
      skip(!db.capabilities.transactions, 'this server has no transactions')
      await db.transaction(async (tx) => {
        await tx.create(Team, { name: 'tx kept' })
        expect(await tx.count(Team, { name: 'tx kept' })).toBe(1)
      })
      const failed = db.transaction(async (tx) => {
        await tx.create(Team, { name: 'tx lost' })
        throw new Error('changed my mind')
      })
      await expect(failed).rejects.toThrow('changed my mind')
      expect(await db.count(Team, { name: { startsWith: 'tx ' } })).toBe(1)
    })

    test('lock rows against each other', async ({ skip }) => {
      const { db } = office
      skip(!db.capabilities.transactions, 'this server has no transactions')
      const { id } = await db.create(Team, { name: '0' })
      const count = () =>
        db.transaction(
          async (tx) => {
            const team = await tx.get(Team, id, { lock: true })
            await tx.update(Team, id, { name: String(Number(team?.name) + 1) })
          },
          { retries: 50 },
        )
      await Promise.all(Array.from({ length: 6 }, count))
      expect((await db.get(Team, id))?.name).toBe('6')
    })

    test('are refused with the way out where the server has none', async ({ skip }) => {
      const { db } = office
      skip(db.capabilities.transactions, 'this server has transactions')
      const refused = db.transaction(() => Promise.resolve())
      await expect(refused).rejects.toMatchObject({
        code: 'UNSUPPORTED',
        message: expect.stringContaining('replica set'),
      })
    })
  })
}
