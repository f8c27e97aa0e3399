/** @jsxImportSource @typestead/screens */
/** What the files as they are would change, everywhere; live as they are saved. */
import { page } from '@typestead/screens'
import { type Child, Show } from '@typestead/screens/dom'
import { clock, plural } from '../../page-frame/format.ts'
import { PageFrame } from '../../page-frame/page-frame.tsx'
import { Empty } from '../../page-frame/states.tsx'
import type { PlanPart, PlanState, Severity } from '../../server/activity.ts'
import { LiveManager } from '../../server/live-manager.ts'
import { modelPanel } from './model-panel.ts'
import { planRoute } from './model-routes.ts'
import './model.css'

type Ready = Extract<PlanState, { readonly status: 'ready' }>

export const planPage = page({
  route: planRoute,
  title: 'Plan · Model',
  view: ({ scope }) => {
    const { plan } = scope.find(LiveManager)
    return (
      <PageFrame
        title="Plan"
        entries={modelPanel.entries}
        at={planRoute.href()}
        actions={
          <span class="soft" role="status">
            {() => progress(plan.value)}
          </span>
        }
      >
        {() => {
          const state = plan.value
          if (state === undefined || state.status === 'computing')
            return <p class="soft">Comparing the classes with the database…</p>
          return state.status === 'failed' ? (
            <Failed message={state.message} />
          ) : (
            <PlanView state={state} />
          )
        }}
      </PageFrame>
    )
  },
})

function progress(state: PlanState | undefined): string {
  if (state === undefined || state.status === 'computing') {
    return state?.file === undefined ? '' : `${state.file} changed, comparing…`
  }
  if (state.status === 'failed')
    return state.file === undefined ? '' : `after a change of ${state.file}`
  return state.file === undefined
    ? `as of ${clock(state.at)}`
    : `after a change of ${state.file}, ${clock(state.at)}`
}

function Failed({ message }: { readonly message: string }): Child {
  return (
    <div class="state failed">
      <p class="state-title">The files cannot be compared as they are</p>
      <pre role="alert">{message}</pre>
      <p class="soft">Correct the file and save it; the plan follows by itself.</p>
    </div>
  )
}

function PlanView({ state: { plan, refused } }: { readonly state: Ready }): Child {
  const entities = [...new Set([...plan.changes, ...plan.parts].map(({ entity }) => entity ?? ''))]
  return (
    <>
      <Show when={() => plan.changes.length === 0 && plan.parts.length === 0}>
        {() => (
          <Empty title="The database, the API and the classes agree">
            Change a class and save it: what that does to the database, the API and the forms shows
            here before it happens.
          </Empty>
        )}
      </Show>
      {refused.length === 0 ? undefined : (
        <section class="refused" aria-labelledby="refused">
          <h2 id="refused">
            {plural(refused.length, 'change is refused', 'changes are refused')} until you decide
          </h2>
          <ul>
            {refused.map(({ reason, summary, advice }) => (
              <li>
                <span class="tag bad">{words[severityOf(reason)]}</span> <strong>{summary}</strong>
                <p class="soft">{advice}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      {entities.map((entity) => (
        <section class="plan-entity" aria-label={entity === '' ? 'All entities' : entity}>
          <h2>{entity === '' ? 'All entities' : entity}</h2>
          <ul>
            {plan.changes
              .filter((change) => change.entity === entity)
              .map(({ summary, effect, blocked }) => (
                <li>
                  <Mark severity={blocked === undefined ? severityOf(effect) : 'blocked'} />{' '}
                  {summary}
                </li>
              ))}
          </ul>
          {partsOf(plan.parts, entity).map(([name, parts]) => (
            <details open={parts.some(({ severity }) => severity !== 'safe')}>
              <summary>
                {name} <span class="soft">{plural(parts.length, 'effect')}</span>
              </summary>
              <ul>
                {parts.map(({ summary, detail, severity }) => (
                  <li>
                    <Mark severity={severity} /> {summary}
                    {detail === undefined ? undefined : <pre tabindex={0}>{detail}</pre>}
                  </li>
                ))}
              </ul>
            </details>
          ))}
        </section>
      ))}
      {plan.notes.map((note) => (
        <p class="soft">{note}</p>
      ))}
    </>
  )
}

const words: Readonly<Record<Severity, string>> = {
  safe: 'safe',
  dangerous: 'take care',
  breaking: 'breaks clients',
  loses: 'loses values',
  blocked: 'cannot be done yet',
}

function Mark({ severity }: { readonly severity: Severity }): Child {
  const kind = severity === 'safe' ? 'good' : severity === 'dangerous' ? 'warn' : 'bad'
  return <span class={`tag ${kind}`}>{words[severity]}</span>
}

function severityOf(effect: string): Severity {
  if (effect === 'fills') return 'dangerous'
  return effect === 'loses' || effect === 'breaking' || effect === 'blocked' ? effect : 'safe'
}

function partsOf(parts: readonly PlanPart[], entity: string) {
  const byName = new Map<string, PlanPart[]>()
  for (const part of parts) {
    if ((part.entity ?? '') !== entity) continue
    byName.set(part.part, [...(byName.get(part.part) ?? []), part])
  }
  return [...byName]
}
