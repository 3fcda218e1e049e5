/** Settings of the banks behind cards. */
import { z } from 'zod'
import { setting } from './setting.ts'

export const bankSettings = {
  banksFolder: setting({
    name: 'BANKS_FOLDER',
    group: 'Banks',
    type: 'directory',
    default: null,
    help: 'One JSON file for each bank: docs/reference/bank-link.md. Without it there are no banks.',
    schema: z.string(),
  }),
  bankFiles: setting({
    name: 'BANK_FILES',
    group: 'Banks',
    type: 'directory',
    default: null,
    help: 'Where daily files of banks are put: docs/reference/bank-file.md. Without it, bank-files in TELEPURSE_DATA.',
    schema: z.string(),
  }),
} as const
