/** @jsxImportSource @typestead/screens */
/**
 * A book's cover, drawn from its title, author and genre: no file, no request, the same everywhere. It says nothing that does not
 * stand beside it, so assistive technology passes it by.
 */
import type { Child } from '@typestead/screens/dom'
import type { Genre } from '../api/answers.ts'
import { drawnFrom } from './drawn.ts'
import { height, motifs, width } from './motifs.tsx'
import { type Palette, palettes } from './palettes.ts'

export interface CoverBook {
  readonly title: string
  readonly genre: string
  readonly author: string
}

export function Cover({ title, genre, author }: CoverBook): Child {
  const drawn = drawnFrom(`${title}\n${author}`)
  const known = isGenre(genre) ? genre : 'biography'
  const palette = drawn.pick(palettes[known])
  const motif = drawn.pick(motifs[known])
  const place = drawn.pick(['head', 'foot', 'plate'])
  return (
    <div
      class={`cover cover-${place} ${sizeOf(title)}`}
      aria-hidden="true"
      style={colours(palette)}
    >
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="xMidYMid slice"
        aria-hidden="true"
        focusable="false"
      >
        <rect width={width} height={height} fill={palette.ground} />
        {motif(drawn, palette)}
      </svg>
      <div class="cover-words">
        <span class="cover-title">{title}</span>
        <span class="cover-author">{author}</span>
      </div>
    </div>
  )
}

/** Custom properties, which the policy for styles lets scripts set. */
function colours({ paper, ink }: Palette) {
  return { '--cover-paper': paper, '--cover-ink': ink }
}

function sizeOf(title: string): string {
  const longest = Math.max(...title.split(/\s+/).map((word) => word.length))
  if (title.length > 48 || longest > 13) return 'cover-small'
  return title.length > 24 || longest > 9 ? 'cover-medium' : 'cover-large'
}

function isGenre(genre: string): genre is Genre {
  return Object.hasOwn(palettes, genre)
}
