/** @jsxImportSource @typestead/screens */
/** One to five stars, as radio buttons: arrows choose, as in any group of them. */

import type { Child } from '@typestead/screens/dom'
import { type FormNode, ScalarNode } from '@typestead/screens/forms'
import { Icon } from '../frame/icons.tsx'

const words = ['Poor', 'Fair', 'Good', 'Very good', 'Excellent']

export function StarField({ node }: { readonly node: FormNode }): Child {
  if (!(node instanceof ScalarNode)) return undefined
  const { text, error } = node
  return (
    <fieldset class="star-field" aria-describedby="stars-error">
      <legend>{node.label}</legend>
      <div class="star-choices">
        {words.map((word, at) => {
          const value = String(at + 1)
          return (
            <label title={word} class={() => (Number(text.value) > at ? 'on' : '')}>
              <input
                type="radio"
                name="rating"
                value={value}
                aria-invalid={() => (error.value === undefined ? null : 'true')}
                checked={() => text.value === value}
                onChange={() => {
                  text.set(value)
                  error.set(undefined)
                }}
              />
              <Icon name="star" />
              <span class="visually-hidden">{`${value}: ${word}`}</span>
            </label>
          )
        })}
      </div>
      <p class="form-error" id="stars-error" aria-live="polite">
        {error}
      </p>
    </fieldset>
  )
}
