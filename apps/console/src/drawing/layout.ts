/**
 * Where boxes stand and how the lines between them run: a layered drawing (after Sugiyama, Tagawa and Toda 1981) in its
 * simplest form. A box stands right of those it comes after; in a column boxes are ordered by the middle of their
 * neighbours, which keeps most lines from crossing. Pure.
 */

export interface NodeShape {
  readonly name: string
  readonly height: number
  /** Names of the boxes that it comes after. */
  readonly targets: readonly string[]
}

export interface PlacedNode {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly column: number
}

export interface LayoutSize {
  /** Of each box. */
  readonly width: number
  /** Between columns. */
  readonly gap: number
}

export interface Layout {
  readonly nodes: readonly PlacedNode[]
  readonly width: number
  readonly height: number
}

const rowGap = 26
const margin = 12

export function layout(shapes: readonly NodeShape[], { width, gap }: LayoutSize): Layout {
  const columns = inColumns(shapes)
  order(columns)
  const heights = columns.map(heightOf)
  const tallest = Math.max(0, ...heights)
  const nodes: PlacedNode[] = []
  for (const [column, members] of columns.entries()) {
    let y = margin + (tallest - (heights[column] ?? 0)) / 2
    for (const { name, height } of members) {
      nodes.push({ name, column, width, height, y, x: margin + column * (width + gap) })
      y += height + rowGap
    }
  }
  const whole = margin * 2 + columns.length * (width + gap) - gap
  return { nodes, width: Math.max(whole, 0), height: tallest + margin * 2 }
}

/** The curve from one box to another, or to itself. */
export function edgePath(from: PlacedNode, to: PlacedNode, offset: number): string {
  const y1 = from.y + offset
  const y2 = to.y + 22
  if (from === to) {
    const right = from.x + from.width
    return `M${right} ${y1} C${right + 46} ${y1}, ${right + 46} ${y2}, ${right} ${y2}`
  }
  if (from.column === to.column) {
    const right = from.x + from.width
    return `M${right} ${y1} C${right + 56} ${y1}, ${right + 56} ${y2}, ${right} ${y2}`
  }
  const leftwards = from.x > to.x
  const x1 = leftwards ? from.x : from.x + from.width
  const x2 = leftwards ? to.x + to.width : to.x
  const bend = Math.max(40, Math.abs(x1 - x2) / 2) * (leftwards ? -1 : 1)
  return `M${x1} ${y1} C${x1 + bend} ${y1}, ${x2 - bend} ${y2}, ${x2} ${y2}`
}

/** The nearest box in a direction, for the arrow keys. */
export function neighbour(
  nodes: readonly PlacedNode[],
  from: PlacedNode,
  key: string,
): PlacedNode | undefined {
  const middle = ({ y, height }: PlacedNode) => y + height / 2
  const inLine = nodes.filter((node) => {
    if (key === 'ArrowRight') return node.column > from.column
    if (key === 'ArrowLeft') return node.column < from.column
    if (node.column !== from.column) return false
    return key === 'ArrowDown' ? node.y > from.y : key === 'ArrowUp' && node.y < from.y
  })
  const distance = (node: PlacedNode) =>
    Math.abs(node.column - from.column) * 10_000 + Math.abs(middle(node) - middle(from))
  return inLine.sort((a, b) => distance(a) - distance(b))[0]
}

/** A box's column is one after the last of its targets; a circle is broken where it is met. */
function inColumns(shapes: readonly NodeShape[]): NodeShape[][] {
  const byName = new Map(shapes.map((shape) => [shape.name, shape]))
  const columns = new Map<string, number>()
  const columnOf = (shape: NodeShape, path: ReadonlySet<string>): number => {
    const known = columns.get(shape.name)
    if (known !== undefined) return known
    const inside = new Set(path).add(shape.name)
    const targets = shape.targets.flatMap((name) => {
      const target = byName.get(name)
      return target === undefined || inside.has(name) ? [] : [columnOf(target, inside) + 1]
    })
    const column = Math.max(0, ...targets)
    columns.set(shape.name, column)
    return column
  }
  const result: NodeShape[][] = []
  for (const shape of shapes) {
    const column = columnOf(shape, new Set())
    while (result.length <= column) result.push([])
    result[column]?.push(shape)
  }
  return result
}

/** Four sweeps, forwards and back: a box goes to the middle of its neighbours in the columns before. */
function order(columns: NodeShape[][]): void {
  for (let sweep = 0; sweep < 4; sweep++) {
    const backwards = sweep % 2 === 1
    const sequence = [...columns.keys()]
    if (backwards) sequence.reverse()
    const places = placesOf(columns)
    for (const at of sequence) {
      const column = columns[at]
      if (column === undefined) continue
      const middle = new Map(
        column.map((node, place) => {
          const near = columns
            .flat()
            .filter(
              (other) => node.targets.includes(other.name) || other.targets.includes(node.name),
            )
            .filter((other) => other !== node && !column.includes(other))
            .map(({ name }) => places.get(name) ?? 0)
          const sum = near.reduce((total, one) => total + one, 0)
          return [node, near.length === 0 ? place / column.length : sum / near.length]
        }),
      )
      column.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0))
      for (const [place, { name }] of column.entries())
        places.set(name, (place + 0.5) / column.length)
    }
  }
}

/** From 0 at the top of a column to 1. */
function placesOf(columns: readonly NodeShape[][]): Map<string, number> {
  return new Map(
    columns.flatMap((column) =>
      column.map(({ name }, at): [string, number] => [name, (at + 0.5) / column.length]),
    ),
  )
}

function heightOf(column: readonly NodeShape[]): number {
  return column.reduce((sum, { height }) => sum + height + rowGap, -rowGap)
}
