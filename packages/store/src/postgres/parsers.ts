/** Text from PostgreSQL as values, by type. Sessions run in UTC with ISO dates, so no zone is ever guessed. */
import pg from 'pg'

type Parser = (text: string) => unknown

const text: Parser = (value) => value
const number: Parser = Number
const instant: Parser = (value) =>
  new Date(`${value.slice(0, 10)}T${value.slice(11).replace('+00', 'Z')}`)
// A copy: the driver's buffer is larger than the value.
const bytes: Parser = (value) => new Uint8Array(Buffer.from(value.slice(2), 'hex'))
const boolean: Parser = (value) => value === 't'

/** Type object ids, from PostgreSQL's pg_type.dat: the type, and its array. */
const scalars: readonly (readonly [oid: number, array: number, parse: Parser])[] = [
  [16, 1000, boolean],
  [17, 1001, bytes],
  [20, 1016, BigInt],
  [21, 1005, number],
  [23, 1007, number],
  [25, 1009, text],
  [701, 1022, number],
  [1043, 1015, text],
  [1082, 1182, text],
  [1184, 1185, instant],
  [1700, 1231, text],
  [2950, 2951, text],
]

const textArrayOid = 1009
const parseArray = pg.types.getTypeParser(textArrayOid as never) as (
  value: string,
) => (string | null)[]
const parsers = new Map<number, Parser>([
  [114, JSON.parse],
  [3802, JSON.parse],
])
for (const [oid, array, parse] of scalars) {
  parsers.set(oid, parse)
  parsers.set(array, (value) =>
    parseArray(value).map((item) => (item === null ? null : parse(item))),
  )
}

/** For the `types` of a query: independent of what anyone sets on the driver globally. */
export const typeParsers = {
  getTypeParser: (oid: number): Parser => parsers.get(oid) ?? text,
} as unknown as pg.CustomTypesConfig
