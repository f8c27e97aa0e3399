/** @jsxImportSource @typestead/screens */
/** The choice of a project, what its model was made of, and how a training goes. */
import { type Child, Show } from '@typestead/screens/dom'
import { count, plural } from '../../page-frame/format.ts'
import { Empty, Loaded } from '../../page-frame/states.tsx'
import type { Project } from './sentences.ts'
import type { UnderstandingManager } from './understanding-manager.ts'

export interface ProjectBarProps {
  readonly c: UnderstandingManager
  readonly project: () => Project | undefined
  readonly onChoose: (name: string) => void
}

export function ProjectBar({ c, project, onChoose }: ProjectBarProps): Child {
  return (
    <div class="filters project-bar">
      <label>
        Project
        <select
          value={() => project()?.name ?? ''}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {() =>
            (c.projects.value.value ?? []).map(({ name }) => <option value={name}>{name}</option>)
          }
        </select>
      </label>
      <span class="soft">{() => describe(project())}</span>
      <Happenings c={c} project={project} />
    </div>
  )
}

/** What the page shows once there are projects; before, or without any, what to do. */
export function WithProjects(props: {
  readonly c: UnderstandingManager
  readonly children: () => Child
}): Child {
  return (
    <Loaded resource={props.c.projects}>
      {(projects) => (
        <Show
          when={() => projects().length > 0}
          fallback={() => (
            <Empty title="This app understands no sentences yet">
              Write some examples for each thing that people may want, and name the file in
              typestead.config.ts:{' '}
              <code>{"nlu: { projects: { shop: { files: ['nlu/shop.yml'] } } }"}</code>
            </Empty>
          )}
        >
          {props.children}
        </Show>
      )}
    </Loaded>
  )
}

function describe(project: Project | undefined): string {
  if (project === undefined) return ''
  const { model, pipeline, language } = project
  if (model === null) return 'There is no model yet; train it from its examples.'
  const intents = plural(model.intents.length, 'intent')
  const entities = plural(model.entities.length, 'entity', 'entities')
  return `${plural(model.examples, 'example')}, ${intents}, ${entities} · ${pipeline}, ${language}`
}

function Happenings({ c, project }: Omit<ProjectBarProps, 'onChoose'>): Child {
  const mine = () => {
    const happening = c.happening.value
    return happening?.project === project()?.name ? happening : undefined
  }
  const done = () => {
    const happening = mine()
    if (happening !== undefined && 'done' in happening && happening.done < 1) return happening
    return undefined
  }
  return (
    <>
      <Show when={() => done() !== undefined}>
        {() => (
          <span class="happening">
            <progress
              max={1}
              value={() => done()?.done ?? 0}
              aria-label={() =>
                done()?.state === 'training' ? 'Training' : 'Checking the examples'
              }
            />
            <span class="soft" aria-hidden="true">
              {() => `${count(Math.floor((done()?.done ?? 0) * 100))} %`}
            </span>
          </span>
        )}
      </Show>
      <span role="status" class={() => (mine()?.state === 'failed' ? 'failed-text' : 'soft')}>
        {() => said(mine()?.state, failureOf(mine()))}
      </span>
    </>
  )
}

function failureOf(happening: ReturnType<UnderstandingManager['happening']['peek']>): string {
  return happening?.state === 'failed' ? happening.message : ''
}

/** Words for what is announced: the beginning and the end, not each step. */
function said(state: string | undefined, failure: string): string {
  if (state === 'training') return 'Training…'
  if (state === 'checking') return ''
  if (state === 'trained') return 'The new model answers.'
  if (state === 'failed') return `Training failed, the old model goes on: ${failure}`
  return ''
}
