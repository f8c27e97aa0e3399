/** @jsxImportSource @typestead/screens */
/** All that the class of an entity says: fields with their constraints, relations, rules for who may. */
import type { Child } from '@typestead/screens/dom'
import type { EntityShape } from './entities.ts'
import { modelRoute, rowsRoute } from './model-routes.ts'

export function EntityView({ entity }: { readonly entity: EntityShape }): Child {
  const { name, table, description, fields, relations, key } = entity
  return (
    <>
      <div class="entity-head">
        <h3>{name}</h3>
        <a href={rowsRoute.href({ entity: name })}>Rows</a>
      </div>
      {description === undefined ? undefined : <p class="soft">{description}</p>}
      <p class="soft">
        Table <code>{table}</code>
      </p>
      <table class="plain">
        <caption>Fields</caption>
        <tbody>
          {fields.map((field) => (
            <tr>
              <th scope="row">
                <code>{field.name}</code>
              </th>
              <td>
                <span class="soft">
                  {field.type}
                  {field.nullable ? ', may be null' : ''}
                </span>{' '}
                {tagsOf(field, key.includes(field.name)).map((tag) => (
                  <>
                    <span class={tag === 'secret' ? 'tag warn' : 'tag'}>{tag}</span>{' '}
                  </>
                ))}
                {field.description === undefined ? undefined : (
                  <p class="soft">{field.description}</p>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {relations.length === 0 ? undefined : (
        <table class="plain">
          <caption>Relations</caption>
          <tbody>
            {relations.map((relation) => (
              <tr>
                <th scope="row">
                  <code>{relation.name}</code>
                </th>
                <td>
                  <span class="soft">{kindOf(relation.kind)}</span>{' '}
                  <a href={modelRoute.href({}, { entity: relation.target })}>{relation.target}</a>
                  {relation.nullable ? <span class="soft">, may be null</span> : undefined}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function tagsOf(field: EntityShape['fields'][number], isKey: boolean): readonly string[] {
  return [
    ...(isKey ? ['key'] : []),
    ...(field.unique ? ['unique'] : []),
    ...(field.indexed ? ['indexed'] : []),
    ...(field.readonly && !isKey ? ['set once'] : []),
    ...(field.secret ? ['secret'] : []),
  ]
}

function kindOf(kind: string): string {
  return kind === 'belongsTo' ? 'belongs to' : kind === 'hasOne' ? 'has one' : 'has many'
}
