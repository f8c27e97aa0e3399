/** The parts that pictures are made of: boxes, arrows and words in SVG, in colours that follow the page. All text is escaped. */

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** A class of the style sheet. */
  readonly kind: string
  readonly title: string
  readonly text: string
  readonly below: string
  /** Marked as where the conversation stands. */
  readonly now?: boolean
}

/** Of a character, on average, at 12 pixels: what fits is a guess, and the whole text is in the box's own title. */
const characterWidth = 7.2
/** A picture of hostile size is cut, not refused. */
const maxText = 300

const style = `
svg.typestead-picture { --paper: #ffffff; --ink: #1c2430; --soft: #55606f; --line: #8a94a3; --intent: #dbe9ff; --slot: #eef1f5; --confirm: #fff0cf; --end: #d9f2e0; --fallback: #f3e3f7; --now: #0b5fd6; font: 12px system-ui, sans-serif; background: var(--paper); color: var(--ink) }
@media (prefers-color-scheme: dark) { svg.typestead-picture { --paper: #14181f; --ink: #eef2f7; --soft: #b3bdca; --line: #6d7887; --intent: #1d3557; --slot: #262d38; --confirm: #4a3a12; --end: #173d26; --fallback: #43264b; --now: #7ab4ff } }
.typestead-picture text { fill: var(--ink) } .typestead-picture .head { font-size: 20px; font-weight: 600 } .typestead-picture .title { font-weight: 600; font-size: 13px } .typestead-picture .soft { fill: var(--soft) }
.typestead-picture rect { stroke: var(--line) } .typestead-picture .now { stroke: var(--now); stroke-width: 3 } .typestead-picture path { stroke: var(--line); fill: none; stroke-width: 1.5 } .typestead-picture marker path { fill: var(--line) }
.typestead-picture .intent { fill: var(--intent) } .typestead-picture .slot { fill: var(--slot) } .typestead-picture .confirm { fill: var(--confirm) } .typestead-picture .end { fill: var(--end) } .typestead-picture .fallback { fill: var(--fallback) }
`

export class Drawing {
  readonly #prefix: string
  readonly #parts: string[] = []
  #width = 320
  #height = 80

  constructor(prefix: string) {
    this.#prefix = prefix.replace(/[^\w-]/g, '')
  }

  heading(x: number, y: number, text: string): void {
    this.#text(x, y, text, 'head', 60)
  }

  caption(x: number, y: number, text: string): void {
    this.#text(x, y, text, 'soft', 120)
  }

  box({ x, y, width, height, kind, title, text, below, now = false }: Box): void {
    const fits = Math.floor((width - 20) / characterWidth)
    this.#parts.push(
      `<g><title>${escaped([title, text, below].filter((part) => part !== '').join('\n'))}</title>`,
      `<rect class="${escaped(kind)}${now ? ' now' : ''}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`,
    )
    this.#text(x + 10, y + 20, title, 'title', fits - 2)
    const [first = '', second = ''] = lines(text, fits)
    this.#text(x + 10, y + 38, first, '', fits)
    this.#text(x + 10, y + 54, second, '', fits)
    this.#text(x + 10, y + 76, below, 'soft', fits)
    this.#parts.push('</g>')
    this.#reach(x + width, y + height)
  }

  arrow(fromX: number, fromY: number, toX: number, toY: number): void {
    this.#parts.push(
      `<path d="M${fromX} ${fromY} L${toX - 3} ${toY}" marker-end="url(#${this.#prefix}-head)"/>`,
    )
  }

  /** From a box's top back into it: what is done again. */
  loop(x: number, y: number, width: number): void {
    const [from, to] = [x + width - 24, x + width - 64]
    this.#parts.push(
      `<path d="M${from} ${y} C${from} ${y - 20} ${to} ${y - 20} ${to} ${y - 2}" marker-end="url(#${this.#prefix}-head)"/>`,
    )
  }

  svg({ title, description }: { readonly title: string; readonly description: string }): string {
    const id = this.#prefix
    const [width, height] = [this.#width + 24, this.#height + 24]
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" class="typestead-picture" role="img" aria-labelledby="${id}-title ${id}-desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<title id="${id}-title">${escaped(title)}</title><desc id="${id}-desc">${escaped(description)}</desc>`,
      `<style>${style}</style>`,
      `<defs><marker id="${id}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker></defs>`,
      `<rect x="0" y="0" width="${width}" height="${height}" style="fill:var(--paper);stroke:none"/>`,
      ...this.#parts,
      '</svg>',
    ].join('\n')
  }

  #text(x: number, y: number, text: string, kind: string, fits: number): void {
    if (text === '') return
    const short = shortened(text, fits)
    const shown = kind === '' ? '' : ` class="${kind}"`
    this.#parts.push(`<text x="${x}" y="${y}"${shown}>${escaped(short)}</text>`)
    this.#reach(x + short.length * characterWidth * (kind === 'head' ? 1.7 : 1), y)
  }

  #reach(x: number, y: number): void {
    this.#width = Math.max(this.#width, Math.ceil(x))
    this.#height = Math.max(this.#height, Math.ceil(y))
  }
}

/** Text as it may stand in XML: markup escaped, characters that XML does not have left out. */
export function escaped(text: string): string {
  return (
    text
      .slice(0, 4000)
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML refuses
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  )
}

/** A text in two lines of so many characters. */
function lines(text: string, fits: number): string[] {
  const flat = text.slice(0, maxText).replace(/\s+/g, ' ').trim()
  if (flat.length <= fits) return [flat]
  const cut = flat.lastIndexOf(' ', fits)
  const at = cut > fits / 2 ? cut : fits
  return [flat.slice(0, at), flat.slice(at).trim()]
}

function shortened(text: string, fits: number): string {
  const letters = [...text.slice(0, maxText).replace(/\s+/g, ' ').trim()]
  return letters.length <= fits
    ? letters.join('')
    : `${letters.slice(0, Math.max(1, fits - 1)).join('')}…`
}
