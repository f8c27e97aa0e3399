/** @jsxImportSource @typestead/screens */
/**
 * The model as boxes and lines, in the colours of the theme. One box is in the tab order; arrows go to the next box in
 * their direction, Enter and Space choose one.
 */
import { type Cell, cell } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import { edgePath, layout, neighbour, type PlacedNode } from '../../drawing/layout.ts'
import type { EntityShape, ModelShape } from './entities.ts'

export interface ModelPictureProps {
  readonly model: ModelShape
  readonly selected: () => string | undefined
  readonly onSelect: (entity: string) => void
}

const size = { width: 190, gap: 90 }
const nodeWidth = size.width
const headHeight = 34
const lineHeight = 20
/** More fields than this are counted. */
const mostLines = 7

interface Line {
  readonly text: string
  readonly type: string
  readonly isLink: boolean
}

export function ModelPicture({ model, selected, onSelect }: ModelPictureProps): Child {
  const lines = new Map(model.entities.map((entity) => [entity.name, linesOf(entity)]))
  const placed = layout(
    model.entities.map((entity) => ({
      name: entity.name,
      height: headHeight + (lines.get(entity.name)?.length ?? 0) * lineHeight + 8,
      targets: linksOf(entity).map(({ target }) => target),
    })),
    size,
  )
  const nodes = new Map(placed.nodes.map((node) => [node.name, node]))
  const focused = cell(selected() ?? placed.nodes[0]?.name ?? '')
  const press = (event: KeyboardEvent, from: PlacedNode) => {
    if (event.key === 'Enter' || event.key === ' ') onSelect(from.name)
    else {
      const next = neighbour(placed.nodes, from, event.key)
      if (next === undefined) return
      focused.set(next.name)
      picture.querySelector<SVGElement>(`[data-entity="${next.name}"]`)?.focus()
    }
    event.preventDefault()
  }
  const picture = (
    <div class="model-picture">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing has no fieldset */}
      <svg
        viewBox={`0 0 ${placed.width} ${placed.height}`}
        width={placed.width}
        height={placed.height}
        role="group"
        aria-label="Entities and their relations"
      >
        {model.entities.flatMap((entity) =>
          linksOf(entity).map(({ name, target, nullable }) => {
            const from = nodes.get(entity.name)
            const to = nodes.get(target)
            const at = lines.get(entity.name)?.findIndex(({ text }) => text === name) ?? -1
            if (from === undefined || to === undefined) return undefined
            const offset = at < 0 ? headHeight / 2 : headHeight + at * lineHeight + lineHeight / 2
            return (
              <path
                class={() => {
                  const chosen = selected()
                  const isOfChosen = chosen === entity.name || chosen === target
                  return `edge ${nullable ? 'may-be-null' : ''} ${isOfChosen ? 'chosen' : ''}`
                }}
                d={edgePath(from, to, offset)}
              />
            )
          }),
        )}
        {placed.nodes.map((node) => (
          <Box
            node={node}
            lines={lines.get(node.name) ?? []}
            focused={focused}
            isSelected={() => selected() === node.name}
            onSelect={onSelect}
            press={press}
          />
        ))}
      </svg>
    </div>
  ) as HTMLElement // a tag makes an element
  return picture
}

interface BoxProps {
  readonly node: PlacedNode
  readonly lines: readonly Line[]
  readonly focused: Cell<string>
  readonly isSelected: () => boolean
  readonly onSelect: (entity: string) => void
  readonly press: (event: KeyboardEvent, from: PlacedNode) => void
}

function Box({ node, lines, focused, isSelected, onSelect, press }: BoxProps): Child {
  const { name, x, y, height } = node
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing has no button
    <g
      class={() => (isSelected() ? 'box chosen' : 'box')}
      transform={`translate(${x} ${y})`}
      role="button"
      data-entity={name}
      tabindex={() => (focused.value === name ? 0 : -1)}
      aria-pressed={() => isSelected()}
      onClick={() => {
        focused.set(name)
        onSelect(name)
      }}
      onKeyDown={(event) => press(event, node)}
    >
      <rect width={nodeWidth} height={height} rx="8" />
      <path class="box-head" d={`M0 ${headHeight} h${nodeWidth}`} />
      <text class="box-name" x="12" y="22">
        {`${name} `}
      </text>
      {lines.map(({ text, type, isLink }, at) => (
        <>
          <text
            class={isLink ? 'box-line link' : 'box-line'}
            x="12"
            y={headHeight + at * lineHeight + 16}
          >
            {`${shortened(text, 16)} `}
          </text>
          <text
            class="box-type"
            x={nodeWidth - 12}
            y={headHeight + at * lineHeight + 16}
            text-anchor="end"
          >
            {`${shortened(type, 14)} `}
          </text>
        </>
      ))}
    </g>
  )
}

function linksOf(entity: EntityShape) {
  return entity.relations.filter(({ kind }) => kind === 'belongsTo')
}

/** Links first, since lines begin at them. */
function linesOf(entity: EntityShape): readonly Line[] {
  const links = linksOf(entity).map(({ name, target }) => ({
    text: name,
    type: target,
    isLink: true,
  }))
  const fields = entity.fields.map(({ name, type, nullable }) => ({
    text: name,
    type: nullable ? `${type}?` : type,
    isLink: false,
  }))
  const all = [...links, ...fields]
  if (all.length <= mostLines) return all
  const more = all.length - mostLines + 1
  return [...all.slice(0, mostLines - 1), { text: `and ${more} more`, type: '', isLink: false }]
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
