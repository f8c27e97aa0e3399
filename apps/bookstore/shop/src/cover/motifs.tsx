/** @jsxImportSource @typestead/screens */
/** The pictures of covers: each draws on a field of 200 by 300 with the colours it is given. */
import type { Child } from '@typestead/screens/dom'
import type { Genre } from '../api/answers.ts'
import type { Drawn } from './drawn.ts'
import { bright, type Palette } from './palettes.ts'

export type Motif = (drawn: Drawn, palette: Palette) => Child

export const width = 200
export const height = 300

/** Hills behind hills, and a sun or moon over them. */
const hills: Motif = (drawn, { one, two, three, ink }) => {
  const ridge = (base: number, rise: number) => {
    const points = Array.from(
      { length: 6 },
      (_, at) => [at * 40, base - drawn.next() * rise] as const,
    )
    const curve = points.map(([x, y], at) => {
      const [before = x - 40, height = y] = points[at - 1] ?? []
      return at === 0
        ? `M0 ${round(y)}`
        : `C${before + 20} ${round(height)} ${x - 20} ${round(y)} ${x} ${round(y)}`
    })
    return `${curve.join('')}V${height}H0Z`
  }
  return (
    <>
      <circle cx={drawn.int(50, 150)} cy={drawn.int(70, 120)} r={drawn.int(24, 44)} fill={one} />
      <path d={ridge(190, 60)} fill={two} />
      <path d={ridge(230, 50)} fill={three} />
      <path d={ridge(272, 40)} fill={ink} opacity={0.85} />
    </>
  )
}

/** Quarter circles in a grid, turned each its own way. */
const tiles: Motif = (drawn, { one, two, three, paper }) => {
  const size = drawn.pick([40, 50])
  const cells: Child[] = []
  for (let y = 0; y < height; y += size) {
    for (let x = 0; x < width; x += size) {
      const [right, bottom] = [x + size, y + size]
      const fill = drawn.pick([one, two, three, paper])
      const quarter = drawn.pick([
        `M${x} ${y}H${right}A${size} ${size} 0 0 1 ${x} ${bottom}Z`,
        `M${right} ${y}V${bottom}A${size} ${size} 0 0 1 ${x} ${y}Z`,
        `M${right} ${bottom}H${x}A${size} ${size} 0 0 1 ${right} ${y}Z`,
        `M${x} ${bottom}V${y}A${size} ${size} 0 0 1 ${right} ${bottom}Z`,
      ])
      cells.push(<path d={quarter} fill={fill} />)
    }
  }
  return <>{cells}</>
}

/** Rings around a corner or an edge. */
const rings: Motif = (drawn, { one, two, three, ground }) => {
  const [x, y] = drawn.pick([
    [0, height],
    [width, height],
    [width, 60],
    [width / 2, height],
  ] as const)
  const step = drawn.int(18, 28)
  return (
    <>
      {Array.from({ length: 11 }, (_, at) => (
        <circle cx={x} cy={y} r={(11 - at) * step} fill={[one, two, ground, three][at % 4]} />
      ))}
    </>
  )
}

/** Broad bands across, some of them narrow. */
const bands: Motif = (drawn, { one, two, three, paper }) => {
  const angle = drawn.pick([-32, 28, -18, 90, 0])
  const bars: Child[] = []
  for (let y = -120; y < height + 120; ) {
    const thick = drawn.pick([6, 10, 22, 34, 46])
    bars.push(
      <rect
        x={-160}
        y={y}
        width={520}
        height={thick}
        fill={drawn.pick([one, two, three, paper])}
      />,
    )
    y += thick + drawn.pick([4, 12, 26])
  }
  return <g transform={`rotate(${angle} 100 150)`}>{bars}</g>
}

/** Lines of waves that grow towards the foot. */
const waves: Motif = (drawn, { one, two, three, ink }) => {
  const tall = drawn.int(7, 15)
  const long = drawn.pick([40, 50, 66])
  const shift = drawn.int(0, 40)
  const line = (y: number, at: number) => {
    const start = -60 - ((at * shift) % long)
    let d = `M${start} ${y}q${long / 4} ${-tall} ${long / 2} 0`
    for (let x = start + long / 2; x < width + 60; x += long / 2) d += `t${long / 2} 0`
    return `${d}V${height + 20}H${start}Z`
  }
  return (
    <>
      <circle cx={drawn.int(40, 160)} cy={drawn.int(60, 110)} r={drawn.int(20, 38)} fill={one} />
      {Array.from({ length: 7 }, (_, at) => (
        <path d={line(130 + at * 26, at)} fill={[two, three, one, ink][at % 4]} />
      ))}
    </>
  )
}

/** Planets on their ways around something. */
const orbits: Motif = (drawn, palette) => {
  const { one, two, three } = palette
  const [x, y] = [drawn.int(60, 140), drawn.int(110, 190)]
  return (
    <>
      {Array.from({ length: 5 }, (_, at) => {
        const radius = 30 + at * drawn.int(20, 27)
        const angle = drawn.next() * Math.PI * 2
        return (
          <>
            <circle
              cx={x}
              cy={y}
              r={radius}
              fill="none"
              stroke={bright(palette)}
              stroke-width={1.2}
              opacity={0.55}
            />
            <circle
              cx={round(x + radius * Math.cos(angle))}
              cy={round(y + radius * Math.sin(angle))}
              r={drawn.int(4, 13)}
              fill={drawn.pick([one, two, three])}
            />
          </>
        )
      })}
      <circle cx={x} cy={y} r={drawn.int(14, 22)} fill={one} />
    </>
  )
}

/** A flower of many petals. */
const petals: Motif = (drawn, { one, two, three, paper }) => {
  const count = drawn.pick([7, 8, 10, 12])
  const [x, y] = [drawn.int(70, 130), drawn.int(140, 190)]
  const ring = (long: number, broad: number, fill: string, turn: number) =>
    Array.from({ length: count }, (_, at) => (
      <ellipse
        cx={x}
        cy={y - long * 0.62}
        rx={broad}
        ry={long * 0.6}
        fill={fill}
        opacity={0.9}
        transform={`rotate(${round((360 / count) * at + turn)} ${x} ${y})`}
      />
    ))
  return (
    <>
      {ring(130, 22, two, 0)}
      {ring(92, 17, one, 180 / count)}
      {ring(54, 11, three, 0)}
      <circle cx={x} cy={y} r={13} fill={paper} />
    </>
  )
}

/** A town at night, some windows lit. */
const town: Motif = (drawn, palette) => {
  const { one, two, three, ground } = palette
  const houses: Child[] = []
  for (let row = 0; row < 3; row++) {
    const fill = [two, three, ground][row]
    for (let x = -10; x < width; ) {
      const broad = drawn.int(24, 48)
      const top = 110 + row * 46 + drawn.int(0, 54)
      houses.push(<rect x={x} y={top} width={broad} height={height - top} fill={fill} />)
      for (let y = top + 10; row > 0 && y < height - 8; y += 16) {
        if (drawn.next() < 0.3)
          houses.push(
            <rect
              x={x + drawn.int(5, broad - 11)}
              y={y}
              width={6}
              height={8}
              fill={drawn.pick([one, bright(palette)])}
            />,
          )
      }
      x += broad + drawn.int(0, 6)
    }
  }
  return (
    <>
      <circle cx={drawn.int(40, 160)} cy={drawn.int(56, 90)} r={drawn.int(18, 30)} fill={one} />
      {houses}
    </>
  )
}

/** Stars, with lines that make a figure of some. */
const stars: Motif = (drawn, palette) => {
  const { one, two, three } = palette
  const field = Array.from({ length: 46 }, () => (
    <circle
      cx={drawn.int(0, width)}
      cy={drawn.int(0, height)}
      r={drawn.pick([0.8, 1.1, 1.6])}
      fill={bright(palette)}
    />
  ))
  const figure = Array.from({ length: 6 }, (_, at) => [24 + at * 30, drawn.int(100, 230)] as const)
  return (
    <>
      {field}
      <path
        d={`M${figure.map((point) => point.join(' ')).join('L')}`}
        fill="none"
        stroke={two}
        stroke-width={2}
      />
      {figure.map(([x, y]) => (
        <circle cx={x} cy={y} r={drawn.int(4, 9)} fill={drawn.pick([one, three, two])} />
      ))}
    </>
  )
}

export const motifs: Readonly<Record<Genre, readonly [Motif, ...Motif[]]>> = {
  fantasy: [hills, orbits, petals],
  romance: [petals, rings, waves],
  crime: [town, bands, rings],
  science_fiction: [orbits, stars, tiles],
  history: [tiles, rings, bands],
  biography: [bands, rings, tiles],
  poetry: [waves, petals, hills],
  children: [tiles, petals, orbits],
  science: [tiles, stars, rings],
  travel: [hills, waves, rings],
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
