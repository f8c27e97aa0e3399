/**
 * The widget as one script: its modules in the order in which they need each other, joined, without types. Made once, when a page
 * first asks for it.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import * as nodeModule from 'node:module'
import { gzipSync } from 'node:zlib'

/** Each imports only from those before it. */
const modules = ['chat-connection', 'chat-style', 'chat-view', 'typestead-chat']

interface Script {
  readonly code: string
  readonly gzip: Uint8Array<ArrayBuffer>
  readonly etag: string
}

let made: Promise<Script> | undefined

export async function widgetScript(request: Request): Promise<Response> {
  made ??= make()
  const { code, gzip, etag } = await made
  const headers: Record<string, string> = {
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'no-cache',
    etag,
    vary: 'accept-encoding',
    // Pages of other sites may show the chat too.
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  }
  if (request.headers.get('if-none-match') === etag)
    return new Response(null, { status: 304, headers })
  const isSmall = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
  if (isSmall) headers['content-encoding'] = 'gzip'
  const body = isSmall ? gzip : code
  return new Response(request.method === 'HEAD' ? null : body, { headers })
}

async function make(): Promise<Script> {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
  const sources = await Promise.all(
    modules.map((name) =>
      readFile(new URL(`./widget/${name}${extension}`, import.meta.url), 'utf8'),
    ),
  )
  const typed = extension === '.ts'
  const code = joined(
    sources.map((source) => (typed ? nodeModule.stripTypeScriptTypes(source) : source)),
  )
  return {
    code,
    gzip: new Uint8Array(gzipSync(code, { level: 9 })),
    etag: `"${createHash('sha256').update(code).digest('base64url')}"`,
  }
}

/** Imports among the modules and the word `export` go; comments and indentation too, which nobody downloads gladly. */
export function joined(sources: readonly string[]): string {
  const lines = sources.flatMap((source) =>
    source
      .replaceAll(/^import\b[^'"]*['"]\.\/[^'"]+['"];?$/gm, '')
      .replaceAll(/^export (?=(?:class|const|function|async)\b)/gm, '')
      .replaceAll(/^export \{\s*\};?$/gm, '')
      .replaceAll(/^\s*\/\*\*[\s\S]*?\*\/$/gm, '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('//')),
  )
  return `${lines.join('\n')}\n`
}
