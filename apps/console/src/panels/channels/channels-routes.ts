/** The address of the channels' page. */
import { route } from '@typestead/screens'

export const channelsRoute = route('/channels')
