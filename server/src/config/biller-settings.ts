/** Settings of the billers behind bills. */
import { z } from 'zod'
import { setting } from './setting.ts'

export const billerSettings = {
  billersFolder: setting({
    name: 'BILLERS_FOLDER',
    group: 'Billers',
    type: 'directory',
    default: null,
    help: 'One JSON file for each biller, with the secret shared with it: docs/reference/biller-http.md. Nobody but the server may read them. Without it there are no billers.',
    schema: z.string(),
  }),
} as const
