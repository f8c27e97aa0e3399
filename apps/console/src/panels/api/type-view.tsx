/** @jsxImportSource @typestead/screens */
/** One type of the schema with all that is in it; types of fields are links. */
import type { Child } from '@typestead/screens/dom'
import { schemaRoute } from './api-routes.ts'
import { namedType, type SdlField, type SdlType } from './read-sdl.ts'

export interface TypeViewProps {
  readonly type: SdlType
  readonly known: ReadonlySet<string>
  /** A field that is looked for. */
  readonly field: string | undefined
  readonly typed: string
}

export function TypeView({ type, known, field, typed }: TypeViewProps): Child {
  const letters = typed.trim().toLowerCase()
  const isFound = ({ name }: SdlField) =>
    name === field || (letters !== '' && name.toLowerCase().includes(letters))
  return (
    <>
      <header class="type-head">
        <h2>{type.name}</h2>
        <span class="tag">{type.kind}</span>
      </header>
      {type.description === '' ? undefined : <p class="soft">{type.description}</p>}
      {type.others.length === 0 ? undefined : (
        <p>
          <span class="soft">{type.kind === 'union' ? 'one of ' : 'implements '}</span>
          {type.others.map((name) => (
            <>
              <TypeLink type={name} known={known} />{' '}
            </>
          ))}
        </p>
      )}
      {type.fields.length === 0 ? (
        type.kind === 'scalar' ? (
          <p class="soft">A value without parts.</p>
        ) : undefined
      ) : (
        <ul class="fields">
          {type.fields.map((one) => (
            <li class={isFound(one) ? 'found' : undefined}>
              <FieldView field={one} known={known} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function FieldView({
  field,
  known,
}: {
  readonly field: SdlField
  readonly known: ReadonlySet<string>
}): Child {
  const { name, type, description, args, deprecated } = field
  return (
    <>
      <p class="field-line">
        <code class={deprecated === undefined ? 'field-name' : 'field-name gone'}>{name}</code>
        {type === '' ? undefined : <TypeLink type={type} known={known} />}
        {field.default === undefined ? undefined : <code class="soft">= {field.default}</code>}
        {deprecated === undefined ? undefined : <span class="tag warn">deprecated</span>}
      </p>
      {deprecated === undefined ? undefined : <p class="field-note">{deprecated}</p>}
      {description === '' ? undefined : <p class="soft">{description}</p>}
      {args.length === 0 ? undefined : (
        <ul class="args" aria-label={`Arguments of ${name}`}>
          {args.map((argument) => (
            <li>
              <FieldView field={argument} known={known} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function TypeLink({
  type,
  known,
}: {
  readonly type: string
  readonly known: ReadonlySet<string>
}): Child {
  const name = namedType(type)
  if (!known.has(name)) return <code class="soft">{type}</code>
  return (
    <a href={schemaRoute.href({}, { type: name })}>
      <code>{type}</code>
    </a>
  )
}
