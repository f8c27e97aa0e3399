/** Messages with arguments in them: `'Post id {id} not found'`. */
export function filled(text: string, args: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(args, name) ? String(args[name]) : whole,
  )
}
