/** The addresses of the app. */
import { route } from '@typestead/screens'

export const counterRoute = route('/')
export const mirrorRoute = route('/mirror')
