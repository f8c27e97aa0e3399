import { expect, test } from 'vitest'
import { withJavaScriptSpecifiers } from './build-package.ts'

test('relative imports of sources become imports of JavaScript', () => {
  const before = `import { a } from './a.ts'\nexport * from "../b.tsx"\nawait import('../src/main.ts')\nimport './c.ts'`
  const after = `import { a } from './a.js'\nexport * from "../b.js"\nawait import('../src/main.js')\nimport './c.js'`
  expect(withJavaScriptSpecifiers(before)).toBe(after)
})

test('packages, declarations, comments, strings and URLs stay as they are', () => {
  const text = [
    `import 'pkg/file.ts'`,
    `import type { D } from './d.d.ts'`,
    `// import './e.ts'`,
    `const text = "from './f.ts'"`,
    `new URL('./worker.ts', import.meta.url)`,
  ].join('\n')
  expect(withJavaScriptSpecifiers(text)).toBe(text)
})
