/** The entity that crash tests write, and the one that they migrate it to. */
import { decimal, defineModel, Entity, id, int, string } from '@typestead/entity'

export class Key extends Entity('Key', {
  id: id(),
  name: string().unique(),
  size: int().default(1),
}) {}

export class KeyNext extends Entity(
  'Lock',
  {
    id: id(),
    label: string().unique().was('name'),
    size: int().default(1),
    price: decimal(8, 2).default('1.50').index(),
    slug: string()
      .unique()
      .backfill((row) => `slug of ${row.label}`),
  },
  { was: 'Key' },
) {}

export const keyModel = defineModel({ Key })
export const keyNextModel = defineModel({ Lock: KeyNext })
