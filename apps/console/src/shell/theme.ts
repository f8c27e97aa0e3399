/** Light, dark, or as the system says; kept in this browser. */
import { type Cell, reaction } from '@typestead/screens'
import type { PreferencesManager } from '@typestead/screens/managers'

export const themes = ['auto', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** The preference; the document follows it for as long as the owner that runs. */
export function followTheme(preferences: PreferencesManager): Cell<Theme> {
  const theme = preferences.preference<Theme>('theme', 'auto', (stored) =>
    themes.find((one) => one === stored),
  )
  reaction(() => {
    const { value } = theme
    const { dataset } = document.documentElement
    if (value === 'auto') delete dataset.theme
    else dataset.theme = value
  })
  return theme
}
