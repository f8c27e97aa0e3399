/** What a server can be told to listen on: an address, or a name that stands for one. */
import { isIP } from 'node:net'

/** A name whose last part is a number is read as an address everywhere, so it must be one: `999.1.1.1` is nothing. */
export function isHost(host: string): boolean {
  if (isIP(host) !== 0) return true
  const labels = host.replace(/\.$/, '').split('.')
  return (
    host.length <= 253 &&
    labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label)) &&
    !/^(\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? '')
  )
}
