/**
 * The row table and the ticker in real Chromium: CPU ratios to hand-written DOM, beside Solid, Svelte 5, Vue Vapor, Lit, and React
 * with MobX, Zustand and Redux Toolkit. Figures, because the CPU that counts is the page's and not the side's process.
 */
import { measure } from '../../../bench/measure.ts'
import { findTool } from '../../../scripts/tools.ts'

export const measures = [
  measure({
    name: 'row table in Chromium',
    unit: 'operation',
    warmUps: 0,
    rounds: 5,
    sides: {
      typestead: {
        module: new URL('./row-table.ts', import.meta.url),
        unavailable: () => (findTool('chromium') === null ? 'there is no Chromium' : undefined),
      },
    },
    goals: [
      { figure: 'typestead: mean ÷ hand-written', atMost: 1.15 },
      { figure: 'typestead: worst ÷ hand-written', atMost: 1.6 },
      { figure: 'typestead: heap ÷ hand-written', atMost: 3 },
      { figure: 'redux: one cell ÷ typestead', atLeast: 40 },
      { figure: 'mutations beyond hand-written', atMost: 0 },
      { figure: 'runs beyond one for each binding', atMost: 0 },
    ],
  }),
]
