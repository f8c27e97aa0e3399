/**
 * `node apps/bookstore/shop/write-schema.ts < schema.graphql`: the API's schema as a type, by which the shop's requests are typed. The
 * text is written by `typestead graphql schema --app apps/bookstore`; a test says when it is another by now.
 */
import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

/** The module for a schema's text; descriptions, which the types don't read, are left out. */
export function schemaModule(sdl: string): string {
  const bare = sdl
    .replace(/^ *"""[\s\S]*?"""\n/gm, '')
    .replace(
      /\(\n([\s\S]*?)\n {2}\)/g,
      (_, inner: string) =>
        `(${inner
          .trim()
          .split(/\s*\n\s*/)
          .join(', ')})`,
    )
    .replace(/\n{2,}/g, '\n\n')
    .trim()
  return `/** The schema of the shop's API, written by \`write-schema.ts\`. Only a type: nothing of it is in the bundle. */\nexport type Schema = \`\n${bare}\n\`\n`
}

if (import.meta.main) {
  const file = new URL('./src/api/schema.ts', import.meta.url)
  writeFileSync(file, schemaModule(await text(process.stdin)))
}
