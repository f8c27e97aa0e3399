import fc from 'fast-check'
import { expect, test } from 'vitest'
import { edgePath, layout, type NodeShape, neighbour } from './layout.ts'

const size = { width: 100, gap: 40 }
const node = (name: string, ...targets: string[]): NodeShape => ({ name, height: 50, targets })

test('a box stands right of those it comes after', () => {
  const { nodes, width } = layout([node('c', 'b'), node('a'), node('b', 'a'), node('d', 'a')], size)
  const column = (name: string) => nodes.find((one) => one.name === name)?.column
  expect(['a', 'b', 'c', 'd'].map(column)).toEqual([0, 1, 2, 1])
  expect(width).toBe(12 + 100 + 40 + 100 + 40 + 100 + 12)
})

test('circles, links to itself and to unknown boxes end', () => {
  const { nodes } = layout([node('a', 'b'), node('b', 'a', 'b', 'nothing')], size)
  expect(nodes).toHaveLength(2)
  for (const from of nodes)
    for (const to of nodes) expect(edgePath(from, to, 20)).toMatch(/^M[-\d. ]+ C/)
})

test('whatever the links, every box is there once and none covers another', () => {
  const graphs = fc
    .integer({ min: 0, max: 12 })
    .chain((count) =>
      fc
        .array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 })
        .map((links) =>
          Array.from({ length: count }, (_, at) =>
            node(
              `n${at}`,
              ...links.filter(([from]) => from % count === at).map(([, to]) => `n${to % count}`),
            ),
          ),
        ),
    )
  fc.assert(
    fc.property(graphs, (shapes) => {
      const { nodes } = layout(shapes, size)
      expect(new Set(nodes.map(({ name }) => name)).size).toBe(shapes.length)
      for (const a of nodes) {
        for (const b of nodes) {
          if (a === b || a.column !== b.column) continue
          expect(a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true)
        }
      }
    }),
  )
})

test('arrows go to the nearest box in their direction, and nowhere where there is none', () => {
  const { nodes } = layout([node('a'), node('b', 'a'), node('c', 'a')], size)
  const [a] = nodes
  if (a === undefined) throw new Error('there are boxes')
  const right = neighbour(nodes, a, 'ArrowRight')
  expect(right?.column).toBe(1)
  expect(neighbour(nodes, a, 'ArrowLeft')).toBeUndefined()
  expect(right && neighbour(nodes, right, 'ArrowLeft')?.name).toBe('a')
  expect(neighbour(nodes, a, 'x')).toBeUndefined()
})
