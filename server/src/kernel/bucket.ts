/**
 * Every hot row lives in the bucket of the payer's number, so that one batch touches few buckets and
 * the same schema can be spread over machines. The count is fixed for the life of a database.
 */
export const bucketCount = 64

/** The bucket of a name (FNV-1a, 32 bits): the same in every process and for ever. */
export function bucketOf(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % bucketCount
}
