/** The drawing of a world: a box for each goroutine and channel, a line for each way that values were seen to take. Pure. */
import { edgePath, layout, type PlacedNode } from '../../drawing/layout.ts'
import type { ChannelState, Goroutine, World } from './channel-state.ts'

export interface GraphNode {
  readonly key: string
  readonly place: PlacedNode
  readonly goroutine?: Goroutine
  readonly channel?: ChannelState
}

export interface GraphEdge {
  readonly key: string
  readonly path: string
  readonly g: number
  readonly channel: string
}

export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly width: number
  readonly height: number
  /** Goroutines that are not drawn. */
  readonly more: number
}

const mostGoroutines = 48
const size = { width: 176, gap: 56 }
export const nodeWidth = size.width
export const goroutineHeight = 46
export const channelHeight = 62

export function graphOf({ goroutines, channels }: World): Graph {
  // Those that have to do with channels are what one looks for.
  const byInterest = [...goroutines.values()].sort((a, b) => degree(b) - degree(a) || a.id - b.id)
  const drawn = byInterest.slice(0, mostGoroutines).sort((a, b) => a.id - b.id)
  const used = new Set(drawn.flatMap(({ sends, receives }) => [...sends, ...receives]))
  const shown = [...channels.values()].filter(({ name }) => used.has(name))
  const shapes = [
    ...drawn.map((one) => ({
      name: goroutineKey(one.id),
      height: goroutineHeight,
      targets: one.receives.map(channelKey),
    })),
    ...shown.map(({ name }) => ({
      name: channelKey(name),
      height: channelHeight,
      targets: drawn.filter(({ sends }) => sends.includes(name)).map(({ id }) => goroutineKey(id)),
    })),
  ]
  const { nodes, width, height } = layout(shapes, size)
  const places = new Map(nodes.map((place) => [place.name, place]))
  const edges = drawn.flatMap(({ id, sends, receives }) => {
    const own = places.get(goroutineKey(id))
    const edge = (channel: string, sending: boolean): readonly GraphEdge[] => {
      const other = places.get(channelKey(channel))
      if (own === undefined || other === undefined) return []
      const path = sending ? edgePath(own, other, 22) : edgePath(other, own, 22)
      return [{ key: `${sending ? 's' : 'r'}${id}-${channel}`, path, g: id, channel }]
    }
    return [
      ...sends.flatMap((name) => edge(name, true)),
      ...receives.flatMap((name) => edge(name, false)),
    ]
  })
  return {
    nodes: [
      ...drawn.flatMap((goroutine) => node(goroutineKey(goroutine.id), { goroutine })),
      ...shown.flatMap((channel) => node(channelKey(channel.name), { channel })),
    ],
    edges,
    width,
    height,
    more: goroutines.size - drawn.length,
  }

  function node(key: string, what: Pick<GraphNode, 'goroutine' | 'channel'>): readonly GraphNode[] {
    const place = places.get(key)
    return place === undefined ? [] : [{ key, place, ...what }]
  }
}

function degree({ sends, receives }: Goroutine): number {
  return Math.min(1, sends.length + receives.length)
}

function goroutineKey(id: number): string {
  return `g${id}`
}

function channelKey(name: string): string {
  return `c:${name}`
}
