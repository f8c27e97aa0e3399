/**
 * Where the elements of arrays stand in a JSON text, so that a complaint about one can name its line. The text has been accepted by
 * JSON.parse before; this walk only counts.
 */

/** By dotted path of an array: the line, from 1, on which each of its elements begins. */
export function elementLines(json: string): Map<string, number[]> {
  const places = new Map<string, number[]>()
  let at = 0
  let line = 1

  const space = () => {
    for (; at < json.length; at++) {
      const code = json.charCodeAt(at)
      if (code === 10) line++
      else if (code !== 32 && code !== 9 && code !== 13) return
    }
  }
  const string = (): string => {
    const start = at++
    while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
    return json.slice(start, ++at)
  }
  const value = (path: string): void => {
    space()
    if (json[at] === '"') string()
    else if (json[at] === '{') object(path)
    else if (json[at] === '[') array(path)
    else while (at < json.length && !/[\s,\]}]/.test(json[at] as string)) at++
    space()
  }
  const object = (path: string): void => {
    at++
    space()
    while (json[at] !== '}') {
      const key: string = JSON.parse(string())
      space()
      at++
      value(path === '' ? key : `${path}.${key}`)
      if (json[at] === ',') at++
      space()
    }
    at++
  }
  const array = (path: string): void => {
    const lines: number[] = []
    // Arrays inside elements share a path; only the outermost is asked for.
    if (!places.has(path)) places.set(path, lines)
    at++
    space()
    while (json[at] !== ']') {
      lines.push(line)
      value(`${path}[]`)
      if (json[at] === ',') at++
      space()
    }
    at++
  }
  value('')
  return places
}

/** The line of the place that a SyntaxError of JSON.parse names; 1 when it names none. */
export function errorLine(json: string, error: unknown): number {
  const message = error instanceof Error ? error.message : ''
  const position = /position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return json.slice(0, Number(position)).split('\n').length
  return /end of JSON/i.test(message) ? json.split('\n').length : 1
}
