/** Colours of covers by genre. `ink` on `paper` has a contrast of at least 7, for the title that stands on it. */
import type { Genre } from '../api/answers.ts'

export interface Palette {
  readonly paper: string
  readonly ink: string
  /** The ground of the picture, and three colours on it. */
  readonly ground: string
  readonly one: string
  readonly two: string
  readonly three: string
}

function palette(
  paper: string,
  ink: string,
  ground: string,
  ...rest: [string, string, string]
): Palette {
  const [one, two, three] = rest
  return { paper, ink, ground, one, two, three }
}

export const palettes: Readonly<Record<Genre, readonly [Palette, ...Palette[]]>> = {
  fantasy: [
    palette('#f6f0e2', '#22304a', '#233a5e', '#e8b04b', '#4f7a8c', '#c8553d'),
    palette('#1d2b2a', '#f2e8cf', '#2f4a43', '#e5c16b', '#7fa98f', '#b3542e'),
    palette('#2b1f3a', '#f4e6d8', '#45305c', '#e0a458', '#8f6bb0', '#d9775f'),
  ],
  romance: [
    palette('#fff1ec', '#5a1e2c', '#f3b7a8', '#d6455d', '#8c2f45', '#ffe3d3'),
    palette('#5c1f33', '#ffeee6', '#a23a52', '#f4a698', '#f7d6c5', '#e2725b'),
    palette('#f9efe9', '#4a2a3d', '#d9a5b3', '#a3476d', '#6c3454', '#f6dfd0'),
  ],
  crime: [
    palette('#15171c', '#f4f1e8', '#23262e', '#d7263d', '#5b6270', '#f0e6cf'),
    palette('#f2efe6', '#16181d', '#20242b', '#e4b62f', '#4d5563', '#c93a2b'),
    palette('#10222b', '#eef4f2', '#1b3946', '#f2c14e', '#3f6b7a', '#e4572e'),
  ],
  science_fiction: [
    palette('#0f1530', '#eaf0ff', '#1a2150', '#ff6f59', '#4ecdc4', '#ffd166'),
    palette('#f1f0ea', '#1c1f4a', '#2b2d6e', '#ff8552', '#7d7fd6', '#e6e1c5'),
    palette('#101d24', '#e3fbf6', '#123c44', '#39d0b8', '#f25f5c', '#ffe066'),
  ],
  history: [
    palette('#f3ead7', '#3b2a1a', '#8c5a33', '#d9a441', '#46603f', '#efdcb4'),
    palette('#2f2418', '#f5e9d0', '#5a4127', '#c98f3f', '#8a9a6b', '#e6d2a4'),
    palette('#efe7da', '#2b2f33', '#6e2f2a', '#c9a25b', '#39464e', '#e8d7b9'),
  ],
  biography: [
    palette('#f7f4ee', '#23272e', '#d6cdbd', '#31546b', '#b5523b', '#9aa59a'),
    palette('#1f2a36', '#f3efe4', '#31465a', '#e2a76f', '#88a0b0', '#d9d2c0'),
    palette('#f4efe9', '#33261f', '#c7a88c', '#7a3e2d', '#3f5a57', '#ead9c5'),
  ],
  poetry: [
    palette('#f6f6f0', '#233237', '#cfe0dc', '#5a8f8a', '#e08e79', '#f1d9a7'),
    palette('#22333b', '#f2f0e6', '#34535e', '#c6ac8f', '#8fb3b0', '#eae0d5'),
    palette('#fbf3ee', '#3a2b45', '#d8c7e3', '#8b6fa8', '#e79a7c', '#f3e2c0'),
  ],
  children: [
    palette('#fff7df', '#20325c', '#7cc6e6', '#ff7a59', '#ffcf40', '#3fa66b'),
    palette('#fdf1f5', '#3a1f5c', '#ff9fb2', '#6a5acd', '#ffd166', '#4bb3a4'),
    palette('#eefaf0', '#173f3a', '#8fd694', '#f46036', '#2e86ab', '#ffe66d'),
  ],
  science: [
    palette('#f3f6f7', '#122a3a', '#d3e2e8', '#1d7a8c', '#f08a4b', '#12394f'),
    palette('#112a33', '#ecf6f5', '#1b4652', '#5fd0c5', '#f5b841', '#e8675a'),
    palette('#f6f4ec', '#1f2d1f', '#b9cfa4', '#3c6e47', '#e3a72f', '#24452b'),
  ],
  travel: [
    palette('#f9f1e1', '#1d3a4a', '#8ecae6', '#f4a259', '#2a6f77', '#e76f51'),
    palette('#183642', '#fbf3e0', '#2d6472', '#f2b134', '#76b5ac', '#ed553b'),
    palette('#fdf4e7', '#4a2b1b', '#f6bd7e', '#d1603d', '#3b6978', '#8a4a2f'),
  ],
}

/** The lighter of paper and ink, for fine lines on the ground. */
export function bright({ paper, ink }: Palette): string {
  return lightness(paper) > lightness(ink) ? paper : ink
}

function lightness(colour: string): number {
  return Number.parseInt(colour.slice(1, 3), 16) + Number.parseInt(colour.slice(3, 5), 16)
}
