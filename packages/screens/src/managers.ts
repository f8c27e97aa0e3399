/** Managers that most apps want: calls to the server, preferences that are kept, the state of the app. */
export { AppStateManager } from './managers/app-state-manager.ts'
export { type PreferenceStorage, PreferencesManager } from './managers/preferences-manager.ts'
export {
  type CallOptions,
  RequestError,
  RestManager,
  type RestOptions,
} from './managers/rest-manager.ts'
