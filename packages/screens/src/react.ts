/** Screens under React: the same managers, scopes and routes. */
export { DomView, type DomViewProps } from './react/dom-view.ts'
export { Obx, ScopeProvider, useComputed, useFind, useReadable, useScope } from './react/hooks.ts'
export { mountReactApp, type ReactApp, type ReactAppOptions } from './react/mount-react-app.ts'
