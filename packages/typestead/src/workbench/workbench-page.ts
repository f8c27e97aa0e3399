/** The workbench's `/` where there is no console: how the app is, what it is made of, and where to look further. */
import type { EntityDescriptor, ModelDescriptor } from '@typestead/entity'
import type { Readiness } from '../server/health.ts'
import { escapeHtml, page } from '../server/page.ts'
import { workbenchParts } from './workbench-parts.ts'

export interface WorkbenchPage {
  readonly name: string
  /** The application's origin. */
  readonly application: string
  readonly readiness: Readiness
  readonly model: ModelDescriptor
}

export function workbenchPage({ name, application, readiness, model }: WorkbenchPage): Response {
  const reasons = Object.entries(readiness.reasons).map(([part, reason]) => `${part}: ${reason}`)
  const state =
    readiness.status === 'ready'
      ? '<span class="good">Everything serves.</span>'
      : `<span class="bad">${escapeHtml(`Not everything serves (${readiness.status}). ${reasons.join('; ')}`)}</span>`
  return page(
    `Workbench · ${name}`,
    `<main>
<h1>${escapeHtml(name)}: workbench</h1>
<p>${state}</p>
<p>The application is at <a href="${escapeHtml(application)}">${escapeHtml(application)}</a>.</p>
<h2 id="entities">Entities</h2>
<div class="card"><table aria-labelledby="entities">
${model.entities.map(entityRow).join('\n')}
</table></div>
<h2 id="data">As data</h2>
<div class="card"><table aria-labelledby="data">
${[
  ...workbenchParts,
  ['/healthz', 'whether the process lives'],
  ['/readyz', 'whether everything serves'],
  ['/metrics', 'measures, for Prometheus'],
]
  .map(
    ([path, what]) => `<tr><th scope="row"><a href="${path}">${path}</a></th><td>${what}</td></tr>`,
  )
  .join('\n')}
</table></div>
</main>`,
  )
}

function entityRow({ name, description, fields, relations }: EntityDescriptor): string {
  const names = [
    ...fields.map(
      (field) =>
        `${field.name}: ${field.type}${field.nullable ? '?' : ''}${field.secret ? ' (secret)' : ''}`,
    ),
    ...relations.map(
      (relation) =>
        `${relation.name} → ${relation.target}${relation.kind === 'hasMany' ? ' (many)' : ''}`,
    ),
  ]
  const about = description === undefined ? '' : `<br>${escapeHtml(description)}`
  return `<tr><th scope="row">${escapeHtml(name)}</th><td>${names.map((one) => `<code>${escapeHtml(one)}</code>`).join(', ')}${about}</td></tr>`
}
