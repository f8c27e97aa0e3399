/** The addresses of Understanding; what is chosen and filtered is in them. */
import { q, route } from '@typestead/screens'

export const shownExamples = ['all', 'wrong', 'refused'] as const

export const tryRoute = route('/understanding', {
  query: { project: q.string(), text: q.string().default('') },
})
export const examplesRoute = route('/understanding/examples', {
  query: {
    project: q.string(),
    show: q.oneOf(...shownExamples).default('all'),
    /** Only examples of this intent. */
    intent: q.string(),
    /** Only examples that were taken for this intent. */
    predicted: q.string(),
    text: q.string().default(''),
  },
})
