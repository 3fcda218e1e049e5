/** Settings of bank cards. */
import { z } from 'zod'
import { setting } from './setting.ts'

export const cardSettings = {
  binTable: setting({
    name: 'BIN_TABLE',
    group: 'Banks',
    type: 'file',
    default: null,
    help: 'Which banks issue which cards: docs/reference/bin-table.md. Without it, demonstration banks only.',
    schema: z.string(),
  }),
} as const
