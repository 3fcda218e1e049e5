/** How columns arrive, the same on both engines: int8 as bigint, dates as `yyyy-mm-dd`. */
import { type CustomTypesConfig, types } from 'pg'

const oid = { int8: 20, int8s: 1016, texts: 1009, date: 1082, dates: 1182 }
type Parser = (text: string) => unknown

const int8s: Parser = (text) =>
  (types.getTypeParser(oid.texts, 'text')(text) as (string | null)[]).map((item) =>
    item === null ? null : BigInt(item),
  )

const parsers = new Map<number, Parser>([
  [oid.int8, BigInt],
  [oid.int8s, int8s],
  [oid.date, String],
  [oid.dates, types.getTypeParser(oid.texts, 'text')],
])

export const columnTypes: CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(id)) ||
    types.getTypeParser(id, format as 'text')) as CustomTypesConfig['getTypeParser'],
}
