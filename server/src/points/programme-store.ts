/** The table `points_programme`: all its SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Source } from '../payments/index.ts'
import type { Programme } from './points.ts'

interface Row {
  readonly since: bigint
  readonly is_on: boolean
  readonly per_yuan: bigint
  readonly sources: string
}

const programmeOf = (row: Row): Programme => ({
  since: Number(row.since),
  isOn: row.is_on,
  perYuan: row.per_yuan,
  sources: row.sources.split(' ').filter((word) => word !== '') as Source[],
})

const columns = 'since, is_on, per_yuan, sources'

/** What was promised at an instant; undefined when nothing ever was. */
export async function programmeAt(reader: Reader, at: number): Promise<Programme | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from points_programme where since <= $1::int8 order by since desc limit 1`,
    [at],
  )
  return row && programmeOf(row)
}

export async function lastProgramme(reader: Reader): Promise<Programme | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from points_programme order by since desc limit 1`,
  )
  return row && programmeOf(row)
}

/** Every source that was ever in it. */
export async function sourcesEver(reader: Reader): Promise<ReadonlySet<string>> {
  const rows = await reader.query<{ source: string }>(
    `select distinct unnest(string_to_array(sources, ' ')) as source from points_programme`,
  )
  return new Set(rows.map(({ source }) => source))
}

/** One at a time: the second waits for the first. */
export async function lockProgramme(tx: Tx): Promise<void> {
  await tx.query('lock table points_programme in share row exclusive mode')
}

export async function insertProgramme(
  tx: Tx,
  { since, isOn, perYuan, sources }: Programme,
  author: string,
): Promise<void> {
  await tx.query(
    `insert into points_programme (since, is_on, per_yuan, sources, author)
     values ($1::int8, $2, $3::int8, $4, $5)`,
    [since, isOn, perYuan, sources.join(' '), author],
  )
}
