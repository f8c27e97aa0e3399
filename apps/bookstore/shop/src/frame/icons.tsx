/** @jsxImportSource @typestead/screens */
/** The shop's icons: lines of one weight, in the colour of the text; what they mean is said beside them. */
import type { Child } from '@typestead/screens/dom'

const paths = {
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 4.5 4.5',
  cart: 'M3 4h2.4l2.4 11h9.6l2.1-8H6.2M9 20h.01M16.5 20h.01',
  account: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  shelf: 'M5 4v16M9 4v16M13 5l4.2 14.6M3 20h18',
  close: 'M6 6l12 12M18 6 6 18',
  star: 'm12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8Z',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
} as const

export function Icon({ name }: { readonly name: keyof typeof paths }): Child {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 24 24"
      width={24}
      height={24}
      aria-hidden="true"
      focusable="false"
    >
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width={1.8}
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
