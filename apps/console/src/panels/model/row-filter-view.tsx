/** @jsxImportSource @typestead/screens */
/** One condition over the rows: a field, a comparison, a value, all kept in the address. */
import { computed, type Readable } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { labelOf } from '@typestead/screens/forms'
import type { EntityShape } from './entities.ts'
import { comparisonsOf, filterable, type RowFilter } from './row-filter.ts'

export interface RowFilterViewProps {
  readonly entity: EntityShape
  readonly query: Readable<RowFilter>
  readonly change: (changes: { field?: string; compare?: string; value?: string }) => void
  readonly count: () => string
}

export function RowFilterView({ entity, query, change, count }: RowFilterViewProps): Child {
  const fields = filterable(entity)
  const field = computed(() => fields.find(({ name }) => name === query.value.field))
  const comparisons = computed(() => (field.value === undefined ? [] : comparisonsOf(field.value)))
  const comparison = computed(
    () =>
      comparisons.value.find(({ name }) => name === query.value.compare) ?? comparisons.value[0],
  )
  const choices = computed(() => {
    if (field.value?.type === 'boolean') return ['true', 'false']
    return field.value?.type === 'enum' ? (field.value.values ?? []) : undefined
  })
  const setValue = (value: string) => change({ value })
  return (
    <search class="filters">
      <label>
        Where
        <select
          value={() => query.value.field ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget
            // Without a field there is nothing to compare.
            change({ field: value, compare: '', value: '' })
          }}
        >
          <option value="">all rows</option>
          {fields.map(({ name }) => (
            <option value={name}>{labelOf(name)}</option>
          ))}
        </select>
      </label>
      <Show when={() => field.value !== undefined}>
        {() => (
          <>
            {() => (
              <select
                aria-label="Comparison"
                value={comparison.value?.name ?? ''}
                onChange={(event) => change({ compare: event.currentTarget.value })}
              >
                {comparisons.value.map(({ name, label }) => (
                  <option value={name}>{label}</option>
                ))}
              </select>
            )}
            <Show when={() => comparison.value?.takesValue === true}>
              {() => (
                <Show
                  when={choices}
                  fallback={() => (
                    <input
                      type="search"
                      aria-label="Value"
                      value={() => query.value.value ?? ''}
                      onInput={(event) => setValue(event.currentTarget.value)}
                    />
                  )}
                >
                  {(values) => (
                    <select
                      aria-label="Value"
                      value={() => query.value.value ?? ''}
                      onChange={(event) => setValue(event.currentTarget.value)}
                    >
                      <option value="">any</option>
                      {values().map((value) => (
                        <option value={value}>{value}</option>
                      ))}
                    </select>
                  )}
                </Show>
              )}
            </Show>
          </>
        )}
      </Show>
      <output class="soft">{count}</output>
    </search>
  )
}
