/** The table `catalogue_version`: a number that moves with every change of what is cached. */
import type { Reader, Tx } from '../db/index.ts'

export async function readVersion(reader: Reader): Promise<bigint> {
  const [row] = await reader.query<{ version: bigint }>({
    name: 'catalogue_version.read',
    text: 'select version from catalogue_version',
  })
  return row?.version ?? 0n
}

/**
 * Begins a change of anything cached. The row lock also makes such changes wait for each other, so a
 * command that looks before it writes sees all that was written before.
 */
export async function moveVersion(tx: Tx): Promise<void> {
  await tx.query({
    name: 'catalogue_version.move',
    text: 'update catalogue_version set version = version + 1',
  })
}
