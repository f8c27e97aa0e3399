import { describe, expect, test } from 'vitest'
import { drawnFrom } from './drawn.ts'
import { palettes } from './palettes.ts'

describe('covers', () => {
  test.each(Object.entries(palettes))(
    'titles of %s can be read: the contrast is at least 7',
    (_, all) => {
      for (const { paper, ink } of all) expect(contrast(paper, ink)).toBeGreaterThanOrEqual(7)
    },
  )

  test('are drawn the same from the same words, and differently from others', () => {
    const draw = (words: string) => {
      const drawn = drawnFrom(words)
      return Array.from({ length: 8 }, () => drawn.int(0, 1000))
    }
    expect(draw('Emma')).toEqual(draw('Emma'))
    expect(new Set(['Emma', 'Emmas', 'emma', ''].map((words) => draw(words).join())).size).toBe(4)
  })

  test('draw within the bounds that are asked for, about evenly', () => {
    const drawn = drawnFrom('even')
    const counts = [0, 0, 0, 0]
    for (let draw = 0; draw < 4000; draw++) {
      const at = drawn.int(0, 3)
      counts[at] = (counts[at] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
