#!/usr/bin/env node
// Plain JavaScript that any Node can read: says what to do when this Node is too old, then starts the real program.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `typestead needs Node 24 or later, this is ${process.versions.node}.\n` +
      'Add it to your project with "npm install --save-dev node@24" and run typestead through an npm script,\n' +
      'or install Node 24 and try again.\n',
  )
  process.exit(1)
}
// Compiled code is kept between starts, the stripped TypeScript of the app included.
const { enableCompileCache } = await import('node:module')
enableCompileCache?.()
await import('../src/main.ts')
