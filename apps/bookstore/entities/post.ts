/** A post of the shop's blog. The article that it comes from lets everyone write, change and delete posts. */
import { belongsTo, createdAt, Entity, id, string, updatedAt } from '@typestead/entity'
import { User } from './user.ts'

export class Post extends Entity(
  'Post',
  {
    id: id(),
    title: string().trim().min(1, 'A post needs a title').max(300),
    body: string().max(100_000),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    get author() {
      return belongsTo(User).onDelete('cascade')
    },
  },
  { description: "A post of the shop's blog." },
) {}
