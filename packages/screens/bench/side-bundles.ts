/** Bundles the sides of the row table as their users would for production: Solid, Svelte and Vue through their compilers. */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

const peers = new URL('../../../bench/peers/screens/', import.meta.url)
const require = createRequire(peers)

/** Our side is `typestead`, what all are compared with `hand-written`. */
export const sides = {
  'hand-written': 'hand-written.ts',
  typestead: 'typestead.tsx',
  solid: 'solid.jsx',
  svelte: 'svelte.js',
  vue: 'vue.js',
  lit: 'lit.js',
  mobx: 'mobx.jsx',
  zustand: 'zustand.jsx',
  redux: 'redux.jsx',
} as const

export type SideName = keyof typeof sides

export async function bundleSide(name: SideName): Promise<string> {
  process.env.NODE_ENV = 'production'
  const result = await build({
    root: fileURLToPath(peers),
    configFile: false,
    logLevel: 'error',
    plugins: [solid(), svelte(), vue()],
    build: {
      write: false,
      modulePreload: false,
      rollupOptions: {
        input: { side: fileURLToPath(new URL(sides[name], peers)) },
        output: { entryFileNames: '[name].js' },
      },
    },
  })
  for (const { output } of Array.isArray(result) ? result : 'output' in result ? [result] : []) {
    for (const file of output) if (file.type === 'chunk' && file.isEntry) return file.code
  }
  throw new Error(`${name} has no bundle`)
}

function solid(): Plugin {
  const babel: {
    transformAsync(code: string, options: object): Promise<{ code?: string | null } | null>
  } = require('@babel/core')
  const preset: unknown = require('babel-preset-solid')
  return {
    name: 'solid',
    enforce: 'pre',
    async transform(code, id) {
      if (!id.endsWith('/solid.jsx')) return null
      const options = { presets: [preset], filename: id, babelrc: false, configFile: false }
      const compiled = await babel.transformAsync(code, options)
      return { code: compiled?.code ?? '', map: null }
    },
  }
}

function svelte(): Plugin {
  const compiler: {
    compile(code: string, options: object): { readonly js: { readonly code: string } }
  } = require('svelte/compiler')
  return {
    name: 'svelte',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.svelte')) return null
      const { js } = compiler.compile(code, { generate: 'client', filename: id, dev: false })
      return { code: js.code, map: null }
    },
  }
}

function vue(): Plugin {
  const compiler: {
    parse(code: string, options: object): { readonly descriptor: object }
    compileScript(descriptor: object, options: object): { readonly content: string }
  } = require('vue/compiler-sfc')
  return {
    name: 'vue',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.vue')) return null
      const { descriptor } = compiler.parse(code, { filename: id })
      const options = { id: 'table', inlineTemplate: true, vapor: true, isProd: true }
      return { code: compiler.compileScript(descriptor, options).content, map: null }
    },
  }
}
