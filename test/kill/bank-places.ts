/** Where the banks of the kill loop and the platform leave things for each other. */
import { join } from 'node:path'

export const bankPlaces = (folder: string) => ({
  banksFolder: join(folder, 'banks'),
  bankFiles: join(folder, 'files'),
  binTable: join(folder, 'bins.json'),
  /** What the holder of a card was texted. */
  otpOf: (pan: string) => join(folder, `otp-${pan}`),
})
