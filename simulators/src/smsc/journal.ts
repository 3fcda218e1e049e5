/**
 * An append-only file of JSON lines, so that messages survive a restart. A line is written before what
 * it tells is answered. The end of the file may be torn by a crash: a line that cannot be read there
 * was never answered, and is dropped.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Concatenation } from '@telepurse/sms'
import type { HandsetMessage } from './mailbox.ts'
import type { Handset } from './numbers.ts'

export type JournalLine =
  | { readonly kind: 'message'; readonly handset: Handset; readonly message: HandsetMessage }
  /** A deliver_sm for the ESME, as hex, not yet acknowledged. */
  | {
      readonly kind: 'deliver'
      readonly id: string
      readonly messageId: string
      readonly pdu: string
    }
  | { readonly kind: 'settled'; readonly id: string; readonly delivered: boolean }
  | { readonly kind: 'cleared'; readonly handset: Handset }
  /** One part of a long message for a handset. */
  | {
      readonly kind: 'part'
      readonly at: number
      readonly source: string
      readonly destination: string
      readonly concatenation: Concatenation
      readonly dataCoding: number
      readonly content: string
    }

export interface Journal {
  append(line: JournalLine): void
  close(): void
}

export function readJournal(path: string): JournalLine[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as JournalLine]
      } catch {
        return []
      }
    })
}

/** Replaces the file by the lines that still matter, then appends to it. */
export function openJournal(path: string, lines: readonly JournalLine[]): Journal {
  mkdirSync(dirname(path), { recursive: true })
  const compacted = `${path}.new`
  writeFileSync(compacted, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  renameSync(compacted, path)
  const file = openSync(path, 'a')
  return {
    append: (line) => void writeSync(file, `${JSON.stringify(line)}\n`),
    close: () => closeSync(file),
  }
}
