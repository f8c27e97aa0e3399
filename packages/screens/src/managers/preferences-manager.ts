/**
 * Preferences that are kept: one cell for each, in local storage, the same in every tab. What was stored is checked
 * before it is believed; storage that is full or forbidden costs the keeping, not the app.
 */
import { cell } from '../cell.ts'
import { Manager } from '../lifecycle.ts'
import { fail, getOwner } from '../owner.ts'
import type { Cell } from '../stream.ts'
import { ever } from '../workers.ts'

/** Where preferences are kept; `localStorage` is one. */
export type PreferenceStorage = Pick<Storage, 'getItem' | 'setItem'>

export class PreferencesManager extends Manager {
  readonly #cells = new Map<string, { readonly read: (text: string | null) => void }>()
  readonly #prefix: string
  readonly #storage: PreferenceStorage | undefined

  /** Keys begin with `prefix`, so that apps of one origin don't meet. */
  constructor(prefix: string, storage: PreferenceStorage | undefined = hostStorage()) {
    super()
    this.#prefix = prefix
    this.#storage = storage
  }

  protected override onInit(): void {
    if (typeof window === 'undefined') return
    // Of other tabs only.
    window.addEventListener(
      'storage',
      ({ key, newValue }) => this.#cells.get(key ?? '')?.read(newValue),
      { signal: this.signal },
    )
  }

  /**
   * The cell of a preference; setting it keeps it.
   * `parse` gives undefined for what is no value of this kind, then the fallback holds.
   */
  preference<T>(name: string, fallback: T, parse: (stored: unknown) => T | undefined): Cell<T> {
    const key = `${this.#prefix}.${name}`
    const read = (text: string | null) => parseStored(text, parse) ?? fallback
    const value = cell(read(this.#read(key)))
    let written = JSON.stringify(value.peek())
    this.#cells.set(key, {
      read(text) {
        const next = read(text)
        written = JSON.stringify(next)
        value.set(next)
      },
    })
    this.own(
      ever(value, (next) => {
        const text = JSON.stringify(next)
        if (text !== written) this.#write(key, text)
        written = text
      }),
    )
    return value
  }

  #read(key: string): string | null {
    try {
      return this.#storage?.getItem(key) ?? null
    } catch {
      return null // storage is forbidden here: nothing was kept
    }
  }

  #write(key: string, text: string): void {
    try {
      this.#storage?.setItem(key, text)
    } catch (cause) {
      fail(getOwner(), new Error(`${key} could not be kept`, { cause }))
    }
  }
}

function parseStored<T>(
  text: string | null,
  parse: (stored: unknown) => T | undefined,
): T | undefined {
  if (text === null) return undefined
  try {
    return parse(JSON.parse(text))
  } catch {
    return undefined // somebody else wrote it: the fallback holds
  }
}

function hostStorage(): PreferenceStorage | undefined {
  try {
    return typeof localStorage === 'undefined' ? undefined : localStorage
  } catch {
    return undefined // forbidden, as in some frames
  }
}
