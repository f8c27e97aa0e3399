/** @jsxImportSource @typestead/screens */
/** The graph that moves: goroutines by their state, channels with what is in their buffers, the last step marked. */
import { computed, type Readable } from '@typestead/screens'
import { type Child, For } from '@typestead/screens/dom'
import { plural } from '../../page-frame/format.ts'
import {
  channelHeight,
  type GraphNode,
  goroutineHeight,
  graphOf,
  nodeWidth,
} from './channel-graph.ts'
import type { Step, World } from './channel-state.ts'

export interface ChannelPictureProps {
  readonly world: Readable<World>
  readonly step: Readable<Step | undefined>
}

/** Slots that are drawn; of a longer buffer only the number. */
const mostSlots = 12

export function ChannelPicture({ world, step }: ChannelPictureProps): Child {
  const graph = computed(() => graphOf(world.value))
  const isAt = (g: number, channel: string) =>
    step.value?.g === g && step.value.channel === channel && channel !== ''
  return (
    <div class="channel-picture">
      <svg
        viewBox={() =>
          `0 0 ${Math.max(graph.value.width, 200)} ${Math.max(graph.value.height, 80)}`
        }
        width={() => Math.max(graph.value.width, 200)}
        height={() => Math.max(graph.value.height, 80)}
        role="img"
        aria-label={() => inWords(world.value)}
      >
        <g>
          <For each={() => graph.value.edges} key={({ key }) => key}>
            {(edge) => (
              <path
                class={() => (isAt(edge.value.g, edge.value.channel) ? 'flow now' : 'flow')}
                d={() => edge.value.path}
              />
            )}
          </For>
        </g>
        <g>
          <For each={() => graph.value.nodes} key={({ key }) => key}>
            {(node) =>
              node.peek().goroutine === undefined ? (
                <ChannelBox node={node} />
              ) : (
                <GoroutineBox node={node} />
              )
            }
          </For>
        </g>
      </svg>
      <p class="soft" hidden={() => graph.value.more <= 0}>
        {() => `and ${plural(graph.value.more, 'goroutine')} more`}
      </p>
    </div>
  )
}

function GoroutineBox({ node }: { readonly node: Readable<GraphNode> }): Child {
  const goroutine = () => node.value.goroutine
  return (
    <g class={() => `goroutine ${goroutine()?.state ?? ''}`} style={() => placed(node.value)}>
      <rect width={nodeWidth} height={goroutineHeight} rx={goroutineHeight / 2} />
      <circle cx="20" cy={goroutineHeight / 2} r="6" />
      <text x="36" y="20">
        {() => shortened(`g${goroutine()?.id} ${goroutine()?.name}`, 18)}
      </text>
      <text class="what" x="36" y="36">
        {() => {
          const { state, reason, on } = goroutine() ?? { state: '', reason: '', on: '' }
          return shortened(reason === '' ? state : `${reason}${on === '' ? '' : ` ${on}`}`, 22)
        }}
      </text>
    </g>
  )
}

function ChannelBox({ node }: { readonly node: Readable<GraphNode> }): Child {
  const channel = () => node.value.channel
  const slots = computed(() => Math.min(mostSlots, channel()?.most ?? 0))
  const width = (nodeWidth - 24) / mostSlots
  return (
    <g
      class={() => (channel()?.closed ? 'channel closed' : 'channel')}
      style={() => placed(node.value)}
    >
      <rect width={nodeWidth} height={channelHeight} rx="6" />
      <text x="12" y="20">
        {() => shortened(channel()?.name ?? '', 20)}
      </text>
      <text class="what" x={nodeWidth - 12} y="20" text-anchor="end">
        {() => (channel()?.closed ? 'closed' : '')}
      </text>
      <g>
        <For each={() => Array.from({ length: slots.value }, (_, at) => at)} key={(at) => at}>
          {(at) => (
            <rect
              class={() => (at.value < (channel()?.buffered ?? 0) ? 'slot full' : 'slot')}
              x={12 + at.peek() * width}
              y="29"
              width={width - 2}
              height="10"
              rx="2"
            />
          )}
        </For>
      </g>
      <text class="what" x="12" y="54">
        {() => {
          const { buffered, moved, most } = channel() ?? { buffered: 0, moved: 0, most: 0 }
          const through = `${moved} through`
          return most === 0 ? through : `${buffered} waiting, ${through}`
        }}
      </text>
    </g>
  )
}

function placed({ place }: GraphNode): string {
  return `transform: translate(${place.x}px, ${place.y}px)`
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

function inWords({ goroutines, channels }: World): string {
  const count = (state: string) =>
    [...goroutines.values()].filter((one) => one.state === state).length
  const said = [
    `${count('running')} running`,
    `${count('runnable')} runnable`,
    `${count('waiting')} parked`,
  ]
  return `${plural(goroutines.size, 'goroutine')}: ${said.join(', ')}; ${plural(channels.size, 'channel')}`
}
