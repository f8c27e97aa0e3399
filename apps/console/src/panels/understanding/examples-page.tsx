/** @jsxImportSource @typestead/screens */
/** The examples, each with what a model that was not trained on it makes of it; which intents are taken for each other. */
import { computed, page } from '@typestead/screens'
import { type Child, DataTable, Show, type TableColumn } from '@typestead/screens/dom'
import { plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty, Failure } from '../../page-frame/states.tsx'
import { ServerManager } from '../../server/server-manager.ts'
import { confusionOf } from './confusion.ts'
import { ConfusionTable } from './confusion-table.tsx'
import { MarkedText } from './marked-text.tsx'
import { ProjectBar, WithProjects } from './project-bar.tsx'
import { type Checked, type CheckedExample, fits, isWrong } from './sentences.ts'
import { UnderstandingManager } from './understanding-manager.ts'
import { understandingPanel } from './understanding-panel.ts'
import { examplesRoute, shownExamples, tryRoute } from './understanding-routes.ts'
import './understanding.css'

interface Row {
  readonly id: number
  readonly example: CheckedExample
}

const labels = { all: 'all', wrong: 'wrong ones', refused: 'not trusted' } as const

const columns: readonly TableColumn<Row>[] = [
  {
    name: 'text',
    label: 'Example',
    show: ({ example }) => example.text,
    render: (row) => (
      <>{() => <MarkedText text={row.value.example.text} spans={row.value.example.entities} />}</>
    ),
  },
  { name: 'intent', label: 'Intent', show: ({ example }) => example.intent ?? '' },
  {
    name: 'predicted',
    label: 'Taken for',
    show: ({ example }) => example.predicted?.name ?? '',
    render: (row) => (
      <span class={() => (isWrong(row.value.example) ? 'tag bad' : 'tag good')}>
        {() => verdict(row.value.example)}
      </span>
    ),
  },
  {
    name: 'confidence',
    label: 'Confidence',
    align: 'end',
    show: ({ example }) =>
      example.predicted === null ? '' : example.predicted.confidence.toFixed(2),
  },
]

export const examplesPage = page({
  route: examplesRoute,
  title: 'Examples · Understanding',
  controller: UnderstandingManager,
  bindings: (s) =>
    s.lazyPut(UnderstandingManager, (s) => new UnderstandingManager(s.find(ServerManager))),
  view: ({ c, query, setQuery, navigate }) => {
    const replace = { replace: true }
    const project = c.project(() => query.value.project)
    const checked = c.checked(project)
    return (
      <PageFrame
        title="Understanding"
        entries={understandingPanel.entries}
        at={examplesRoute.href()}
      >
        <WithProjects c={c}>
          {() => (
            <>
              <ProjectBar
                c={c}
                project={() => project.value}
                onChoose={(name) =>
                  void setQuery({ project: name, intent: undefined, predicted: undefined }, replace)
                }
              />
              <Show
                when={() => checked.value.value}
                fallback={() => (
                  <Show
                    when={checked.error}
                    fallback={() => (
                      <p class="state-text loading">
                        Each example is asked of a model that was not trained on it…
                      </p>
                    )}
                  >
                    {(problem) => <Failure problem={problem} onRetry={checked.reload} />}
                  </Show>
                )}
              >
                {(value) => (
                  <Results
                    checked={value}
                    filter={() => query.value}
                    change={(changes) => void setQuery(changes, replace)}
                    open={(text) =>
                      void navigate(tryRoute.href({}, { project: project.value?.name, text }))
                    }
                  />
                )}
              </Show>
            </>
          )}
        </WithProjects>
      </PageFrame>
    )
  },
})

interface Filter {
  readonly show: (typeof shownExamples)[number]
  readonly intent: string | undefined
  readonly predicted: string | undefined
  readonly text: string
}

function Results(props: {
  readonly checked: () => Checked
  readonly filter: () => Filter
  readonly change: (changes: { readonly [K in keyof Filter]?: Filter[K] | undefined }) => void
  readonly open: (text: string) => void
}): Child {
  const { checked, filter, change, open } = props
  const rows = computed<readonly Row[]>(() => {
    const fit = fits(filter())
    return checked()
      .examples.map((example, id) => ({ id, example }))
      .filter(({ example }) => fit(example))
  })
  const confusion = computed(() => confusionOf(checked().examples))
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`
  return (
    <>
      <dl class="figures">
        <div>
          <dt>Intents right</dt>
          <dd>{() => percent(checked().accuracy)}</dd>
        </div>
        <div>
          <dt>Entities, F1</dt>
          <dd>{() => percent(checked().entityF1)}</dd>
        </div>
        <div>
          <dt>Wrong examples</dt>
          <dd>{() => String(checked().examples.filter(isWrong).length)}</dd>
        </div>
      </dl>
      <search class="filters">
        <label>
          Show
          <select
            value={() => filter().show}
            onChange={(event) =>
              change({ show: shownExamples.find((one) => one === event.currentTarget.value) })
            }
          >
            {shownExamples.map((one) => (
              <option value={one}>{labels[one]}</option>
            ))}
          </select>
        </label>
        <label class="grow">
          Text
          <input
            type="search"
            value={() => filter().text}
            placeholder="part of an example"
            onInput={(event) => change({ text: event.currentTarget.value })}
          />
        </label>
        <Show when={() => filter().intent !== undefined || filter().predicted !== undefined}>
          {() => (
            <button
              type="button"
              class="quiet"
              onClick={() => change({ intent: undefined, predicted: undefined })}
            >
              {() => `${filter().intent ?? 'any'} taken for ${filter().predicted ?? 'any'} ✕`}
            </button>
          )}
        </Show>
        <output class="soft">{() => plural(rows.value.length, 'example')}</output>
      </search>
      <DataTable
        rows={rows}
        key={({ id }) => id}
        columns={columns}
        label="Examples with what they are taken for; Enter tries one"
        class="examples"
        onOpen={({ example }) => open(example.text)}
        empty={() => <Empty title="No example fits these filters" />}
      />
      <ConfusionTable
        confusion={confusion}
        chosen={() => ({ intent: filter().intent, predicted: filter().predicted })}
        onChoose={(intent, predicted) => change({ intent, predicted, show: 'all' })}
      />
    </>
  )
}

/** In words too: colour alone says nothing. */
function verdict(example: CheckedExample): string {
  const name = example.predicted?.name ?? 'nothing'
  if (example.predicted?.name !== (example.intent ?? undefined)) return `${name} ✗`
  return isWrong(example) ? `${name}, other entities ✗` : name
}
