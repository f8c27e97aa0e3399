/** Placeholders in what is said: `{slot}`, `[session attribute]`, `((request attribute))`; a backslash takes a bracket as it is. */

export interface PlaceholderValues {
  slot(name: string): string | undefined
  attribute(name: string): string | undefined
  requestAttribute(name: string): string | undefined
}

const placeholder =
  /\\([{}[\]()\\])|\{([\w.-]{1,100})\}|\[([\w.:-]{1,200})\]|\(\(([\w.:-]{1,200})\)\)/g

/** The text with its placeholders filled, and whether a value was missing. What is no placeholder stays. */
export function fillPlaceholders(
  text: string,
  values: PlaceholderValues,
): { readonly text: string; readonly missing: boolean } {
  if (!/[{[(\\]/.test(text)) return { text, missing: false }
  let missing = false
  const filled = text.replace(
    placeholder,
    (whole, escaped?: string, slot?: string, attribute?: string, request?: string) => {
      if (escaped !== undefined) return escaped
      const value =
        slot !== undefined
          ? values.slot(slot)
          : attribute !== undefined
            ? values.attribute(attribute)
            : values.requestAttribute(request as string)
      if (value !== undefined) return value
      // A word in brackets is more often meant as such than a slot's name in braces.
      if (slot === undefined) return whole
      missing = true
      return ''
    },
  )
  return { text: filled, missing }
}
