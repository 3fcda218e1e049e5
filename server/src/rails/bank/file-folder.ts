/** Where daily files come from: a folder into which the bank's are put, or another source behind this port. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { BankFiles } from '../../bank-cards/index.ts'
import type { BusinessDate } from '../../kernel/index.ts'
import { readDailyFile } from './daily-file-reader.ts'

export interface FileSource {
  /** The octets of a day's file, or undefined when it is not there yet. */
  open(bank: string, date: BusinessDate): Promise<AsyncIterable<Uint8Array> | undefined>
}

/** `first_bank_2026-02-05.txt` */
export const dailyFileName = (bank: string, date: BusinessDate): string => `${bank}_${date}.txt`

export const folderSource = (folder: string): FileSource => ({
  async open(bank, date) {
    const path = join(folder, dailyFileName(bank, date))
    try {
      const file = await open(path)
      return file.createReadStream()
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
  },
})

export const createFileReader = (bank: string, source: FileSource): BankFiles => ({
  async read(date, onRow) {
    const chunks = await source.open(bank, date)
    if (!chunks) return { outcome: 'absent' }
    const read = await readDailyFile(chunks, onRow)
    if (!read.ok) return { outcome: 'refused', problem: read.refusal }
    const other = read.value.bank !== bank ? 'other_bank' : 'other_date'
    return read.value.bank === bank && read.value.date === date
      ? { outcome: 'done', summary: read.value }
      : { outcome: 'refused', problem: { code: other, line: 1 } }
  },
})
