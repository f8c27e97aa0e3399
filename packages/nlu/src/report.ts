/**
 * An evaluation as one HTML page that needs nothing else: figures, confusion matrix, confidence histogram and worst errors, drawn as SVG.
 * Every text from outside is escaped; the page runs no script and allows none.
 */
import type { EvaluatedSentence, Evaluation } from './evaluate.ts'

export interface ReportOptions {
  readonly title?: string
  /** When the evaluation was made; left out, the page carries no date. */
  readonly date?: Date
}

/** Intents that the confusion matrix shows: those in most confusions. */
const maxRows = 40
const maxErrors = 100

export function htmlReport(
  evaluation: Evaluation,
  { title = 'Evaluation', date }: ReportOptions = {},
): string {
  const { intent, entities, outOfScope, sentences } = evaluation
  const figures: [string, string][] = [
    ['Sentences', String(sentences.length)],
    ['Intent accuracy', percent(intent.accuracy)],
    ['Intent F1 (mean)', percent(intent.f1)],
    ['After threshold', percent(intent.accuracyAfterThreshold)],
    ['Calibration error', intent.calibrationError.toFixed(3)],
    ['Entity F1', percent(entities.f1)],
    ['Out of scope refused', percent(outOfScope.recall)],
    ['False alarms', percent(outOfScope.falseAlarms)],
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${date ? `<p>${escapeHtml(date.toISOString())}</p>` : ''}
<dl class="figures">${figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
<h2>Confidence</h2>
${confidenceHistogram(sentences)}
<h2>Confusions</h2>
${confusionMatrix(evaluation)}
<h2>Worst errors</h2>
${errorTable(sentences)}
<h2>Intents</h2>
${scoreTable(intent.byIntent)}
<h2>Entities</h2>
${scoreTable(entities.byEntity)}
</main>
</body>
</html>
`
}

const style = `
:root{color-scheme:light dark;--ink:#1d2733;--paper:#fff;--line:#d5dce4;--right:#1b7f5c;--wrong:#b3403a}
@media (prefers-color-scheme:dark){:root{--ink:#e3e9ef;--paper:#14191f;--line:#35404c;--right:#4cc29a;--wrong:#ef827b}}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:70rem;margin:0 auto;padding:2rem 1rem}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:0}
.figures div{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .75rem}
dt{font-size:.8rem}dd{margin:0;font-size:1.4rem;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
mark{background:none;color:inherit;border-bottom:2px solid var(--right)}
svg text{fill:var(--ink);font:11px system-ui,sans-serif}
.bar-right{fill:var(--right)}.bar-wrong{fill:var(--wrong)}.axis{stroke:var(--line)}
`

function confidenceHistogram(sentences: readonly EvaluatedSentence[]): string {
  const bins = 20
  const right = new Array<number>(bins).fill(0)
  const wrong = new Array<number>(bins).fill(0)
  for (const { example, predicted } of sentences) {
    if (!predicted || example.intent === undefined) continue
    const list = predicted.name === example.intent ? right : wrong
    const bin = Math.min(bins - 1, Math.floor(predicted.confidence * bins))
    list[bin] = (list[bin] as number) + 1
  }
  const most = Math.max(1, ...right, ...wrong)
  const width = 640
  const height = 200
  const bar = (width - 40) / bins
  const scaled = (count: number) => (Math.sqrt(count / most) * (height - 40)) / 2
  const middle = height / 2
  const bars = right.map((count, i) => {
    const x = (30 + i * bar).toFixed(1)
    const size = (bar - 2).toFixed(1)
    const up = scaled(count)
    const down = scaled(wrong[i] as number)
    const range = `${(i / bins).toFixed(2)} to ${((i + 1) / bins).toFixed(2)}`
    return (
      `<rect class="bar-right" x="${x}" y="${(middle - up).toFixed(1)}" width="${size}" height="${up.toFixed(1)}"><title>${range}: ${count} right</title></rect>` +
      `<rect class="bar-wrong" x="${x}" y="${middle.toFixed(1)}" width="${size}" height="${down.toFixed(1)}"><title>${range}: ${wrong[i]} wrong</title></rect>`
    )
  })
  return `<div class="wide"><svg role="img" aria-label="How sure the model was, rightly above the line and wrongly below it" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<line class="axis" x1="30" x2="${width - 10}" y1="${middle}" y2="${middle}"/>${bars.join('')}
<text x="30" y="${height - 4}">0</text><text x="${width - 24}" y="${height - 4}">1</text><text x="30" y="12">right</text><text x="30" y="${height - 18}">wrong</text></svg></div>
<p>Heights are square roots of counts, so that few errors can be seen beside many right answers.</p>`
}

function confusionMatrix({ confusion }: Evaluation): string {
  const weight = new Map<string, number>()
  const count = (name: string, by: number) => weight.set(name, (weight.get(name) ?? 0) + by)
  for (const [intent, row] of Object.entries(confusion)) {
    for (const [name, times] of Object.entries(row)) {
      count(intent, name === intent ? 0 : times)
      count(name, name === intent ? 0 : times)
    }
  }
  const names = [...weight]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, maxRows)
    .map(([name]) => name)
  if (names.length === 0) return '<p>No intents.</p>'
  const size = 18
  const left = 210
  const top = 170
  const side = names.length * size
  const cells: string[] = []
  for (const [y, wanted] of names.entries()) {
    const row = confusion[wanted] ?? {}
    const sum = Object.values(row).reduce((total, times) => total + times, 0)
    for (const [x, found] of names.entries()) {
      const times = row[found] ?? 0
      if (times === 0) continue
      const strength = (0.15 + 0.85 * (times / sum)).toFixed(2)
      const kind = wanted === found ? 'bar-right' : 'bar-wrong'
      cells.push(
        `<rect class="${kind}" fill-opacity="${strength}" x="${left + x * size}" y="${top + y * size}" width="${size - 1}" height="${size - 1}"><title>${escapeHtml(wanted)} taken for ${escapeHtml(found)}: ${times}</title></rect>`,
      )
    }
  }
  const labels = names.map((name, i) => {
    const short = escapeHtml(name.length > 30 ? `${name.slice(0, 29)}…` : name)
    const x = left + i * size + 12
    return `<text x="${left - 6}" y="${top + i * size + 13}" text-anchor="end">${short}</text><text x="${x}" y="${top - 6}" transform="rotate(-60 ${x} ${top - 6})">${short}</text>`
  })
  const note =
    Object.keys(confusion).length > names.length
      ? `<p>The ${names.length} intents in most confusions.</p>`
      : ''
  return `${note}<div class="wide"><svg role="img" aria-label="Confusion matrix: rows are the right intents, columns the predicted ones" viewBox="0 0 ${left + side + 110} ${top + side + 10}" width="${left + side + 110}" height="${top + side + 10}">${cells.join('')}${labels.join('')}</svg></div>`
}

function errorTable(sentences: readonly EvaluatedSentence[]): string {
  const wrong = sentences
    .filter(
      ({ example, predicted }) =>
        example.intent !== undefined && predicted?.name !== example.intent,
    )
    .sort((a, b) => (b.predicted?.confidence ?? 0) - (a.predicted?.confidence ?? 0))
    .slice(0, maxErrors)
  if (wrong.length === 0) return '<p>None.</p>'
  const rows = wrong.map(({ example, predicted }) => {
    const place = example.source ? `${example.source.file}:${example.source.line}` : ''
    return `<tr><td>${marked(example)}</td><td>${escapeHtml(example.intent ?? '')}</td><td>${escapeHtml(predicted?.name ?? '(none)')}</td><td class="number">${(predicted?.confidence ?? 0).toFixed(2)}</td><td>${escapeHtml(place)}</td></tr>`
  })
  return `<div class="wide"><table><thead><tr><th>Sentence</th><th>Intent</th><th>Predicted</th><th class="number">Confidence</th><th>Where</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

/** The sentence with its entities underlined. */
function marked({ text, entities }: EvaluatedSentence['example']): string {
  let out = ''
  let at = 0
  for (const { start, end, entity } of entities.toSorted((a, b) => a.start - b.start)) {
    out += `${escapeHtml(text.slice(at, start))}<mark title="${escapeHtml(entity)}">${escapeHtml(text.slice(start, end))}</mark>`
    at = end
  }
  return out + escapeHtml(text.slice(at))
}

function scoreTable(scores: Evaluation['intent']['byIntent']): string {
  const rows = Object.entries(scores)
    .sort((a, b) => a[1].f1 - b[1].f1)
    .map(
      ([name, { precision, recall, f1, support }]) =>
        `<tr><td>${escapeHtml(name)}</td><td class="number">${percent(precision)}</td><td class="number">${percent(recall)}</td><td class="number">${percent(f1)}</td><td class="number">${support}</td></tr>`,
    )
  if (rows.length === 0) return '<p>None.</p>'
  return `<div class="wide"><table><thead><tr><th>Name</th><th class="number">Precision</th><th class="number">Recall</th><th class="number">F1</th><th class="number">Sentences</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
