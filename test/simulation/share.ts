/** A process that plays its share of many seeds and tells its parent. */
import { playShare, type Seeds } from './many.ts'

await playShare(JSON.parse(process.argv[2] ?? '{}') as Seeds, (outcome) => process.send?.(outcome))
