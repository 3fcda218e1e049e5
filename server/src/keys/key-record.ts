/** What is known of a key, as it is written down beside the key, wherever that is. */
import { z } from 'zod'
import { keyAlgorithms, keyUses } from './key.ts'

const time = z.int().min(0)

export const keyRecordSchema = z.object({
  name: z.string(),
  version: z.int().min(1),
  use: z.enum(keyUses),
  algorithm: z.enum(keyAlgorithms),
  exportable: z.boolean(),
  checkValue: z.string(),
  createdAt: time,
  activatedAt: time.nullable(),
  retiredAt: time.nullable(),
})
