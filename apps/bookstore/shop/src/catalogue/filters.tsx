/** @jsxImportSource @typestead/screens */
/** What the catalogue may be narrowed to and ordered by. All of it stands in the address. */
import type { PageProps } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import { genreNames, homeRoute, languageNames, namesOf, sortNames } from '../routes.ts'

type HomeProps = PageProps<undefined, '/', typeof homeRoute.query>
export type Narrowing = Pick<HomeProps, 'query' | 'setQuery'>

/** Upper bounds of prices to choose from, in euros. */
const bounds = [10, 15, 20, 30]

export function Genres({ query }: Pick<Narrowing, 'query'>): Child {
  const link = (genre: keyof typeof genreNames | undefined, text: string) => (
    <li>
      <a
        href={() => homeRoute.href({}, { ...query.value, genre })}
        aria-current={() => (query.value.genre === genre ? 'true' : null)}
      >
        {text}
      </a>
    </li>
  )
  return (
    <nav class="genres" aria-label="Genres">
      <ul>
        {link(undefined, 'All')}
        {namesOf(genreNames).map((genre) => link(genre, genreNames[genre]))}
      </ul>
    </nav>
  )
}

/** Folded on a phone, where the books come first, unless something is chosen. */
export function Filters({ query, setQuery }: Narrowing): Child {
  const { language, upTo, inStock, sort } = query.peek()
  const chosen = language !== undefined || upTo !== undefined || inStock || sort !== 'favourites'
  return (
    <details class="filters-fold" open={chosen || matchMedia('(min-width: 46rem)').matches}>
      <summary>Filter and order</summary>
      <form class="filters" aria-label="Narrow down" onSubmit={(event) => event.preventDefault()}>
        <Choice
          label="Order"
          value={() => query.value.sort}
          options={namesOf(sortNames).map((sort) => [sort, sortNames[sort]])}
          choose={(sort) => setQuery({ sort: namesOf(sortNames).find((one) => one === sort) })}
        />
        <Choice
          label="Language"
          value={() => query.value.language ?? ''}
          options={[
            ['', 'Any'],
            ...namesOf(languageNames).map((name) => [name, languageNames[name]] as const),
          ]}
          choose={(language) =>
            setQuery({ language: namesOf(languageNames).find((one) => one === language) })
          }
        />
        <Choice
          label="Price"
          value={() => String(query.value.upTo ?? '')}
          options={[
            ['', 'Any'],
            ...bounds.map((bound) => [String(bound), `Up to €${bound}`] as const),
          ]}
          choose={(upTo) => setQuery({ upTo: upTo === '' ? undefined : Number(upTo) })}
        />
        <label class="check">
          <input
            type="checkbox"
            name="inStock"
            checked={() => query.value.inStock}
            onChange={(event) => setQuery({ inStock: event.currentTarget.checked })}
          />
          In stock only
        </label>
      </form>
    </details>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: () => string
  readonly options: readonly (readonly [value: string, name: string])[]
  readonly choose: (value: string) => unknown
}

function Choice({ label, value, options, choose }: ChoiceProps): Child {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([one, name]) => (
          <option value={one}>{name}</option>
        ))}
      </select>
    </label>
  )
}
