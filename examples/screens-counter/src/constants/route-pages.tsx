/** The pages of the app. */
import { counterPage } from '../views/counter-page.tsx'
import { mirrorPage } from '../views/mirror-page.tsx'

export const routePages = [counterPage, mirrorPage]
