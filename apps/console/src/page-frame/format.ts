/** Numbers and times as the console writes them. */

export function milliseconds(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`
  if (value >= 100) return `${Math.round(value)} ms`
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`
}

export function bytes(value: number): string {
  if (value >= 1_073_741_824) return `${(value / 1_073_741_824).toFixed(1)} GB`
  if (value >= 1_048_576) return `${Math.round(value / 1_048_576)} MB`
  return `${Math.round(value / 1024)} KB`
}

const whole = new Intl.NumberFormat('en')
export function count(value: number): string {
  return whole.format(value)
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** The time of day with milliseconds, in the reader's zone. */
export function clock(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  const time = date.toLocaleTimeString('en-GB')
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** The time of day, with the day before it where that is another one, in the reader's zone. */
export function moment(at: string | number): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return ''
  const time = date.toLocaleTimeString('en-GB')
  const isToday = date.toDateString() === new Date().toDateString()
  return isToday ? time : `${date.toLocaleDateString('en-CA')} ${time}`
}
