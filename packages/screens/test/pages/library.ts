/** Everything public on the window, so that a test can write what happens inside the page where it asserts on it. */
import * as core from '@typestead/screens'
import * as dom from '@typestead/screens/dom'
import * as runtime from '@typestead/screens/jsx-runtime'
import { inspectScreens } from '@typestead/screens/testing'

const screens = { ...core, ...dom, ...runtime, inspectScreens }

declare global {
  interface Window {
    screens: typeof screens
    ready: unknown
  }
}

window.screens = screens
window.ready = true
