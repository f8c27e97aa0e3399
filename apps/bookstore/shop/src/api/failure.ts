/** What went wrong, as people read it. */
import { ClientError } from '@typestead/graphql/client'

/** One sentence for people. */
export function failureText(error: unknown): string {
  if (error instanceof ClientError) {
    if (error.code === 'UNAVAILABLE' || error.code === 'NO_ANSWER')
      return 'The shop does not answer just now.'
    if (error.code === 'FORBIDDEN') return 'Your account may not do this.'
    if (error.code === 'UNAUTHENTICATED') return 'Please sign in first.'
    return capital(error.message)
  }
  // The browser's own words for a connection that failed differ, and help nobody.
  if (error instanceof TypeError) return 'The shop cannot be reached.'
  return error instanceof Error ? capital(error.message) : String(error)
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof ClientError ? error.code : undefined
}

/**
 * For forms: what the API refuses goes to its fields as it came, anything else is said in words for people.
 * @throws {Error} what the work throws
 */
export async function inWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ClientError && (error.code === 'STALE' || namesFields(error))) throw error
    throw new Error(failureText(error), { cause: error })
  }
}

function namesFields({ errors }: ClientError): boolean {
  return errors.some(({ extensions }) => extensions?.fields !== undefined)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
