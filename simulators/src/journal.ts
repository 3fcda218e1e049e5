/**
 * A simulator's memory: a file of JSON lines, one for each event, appended before anybody hears of
 * the event. A process killed while writing leaves at most one unfinished last line, whose
 * event was never answered: it is cut off. Damage anywhere else is an error, never skipped.
 *
 * The line is handed to the operating system, not forced to the disk: it survives the death of the
 * process (kill -9), not of the machine.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'

export interface Journal<Event> {
  /** Returns when the event is written; throws, having written nothing, when it cannot be. */
  append(event: Event): void
  close(): void
}

/** How an event is written in one line, and read back; undefined for what is no such line. */
export interface EventCodec<Event> {
  encode(event: Event): string
  decode(line: string): Event | undefined
}

/** Opens or makes the file at `path` and hands each event in it, in order, to `replay`. */
export function openJournal<Event>(
  path: string,
  codec: EventCodec<Event>,
  replay: (event: Event) => void,
): Journal<Event> {
  const file = openSync(path, 'a+')
  try {
    const bytes = readFileSync(path)
    let size = bytes.lastIndexOf(0x0a) + 1
    // What follows the last line feed is the unfinished line of a killed process.
    if (size < bytes.length) ftruncateSync(file, size)
    const lines = bytes.toString('utf8', 0, size).split('\n').slice(0, -1)
    for (const [index, line] of lines.entries()) {
      const event = codec.decode(line)
      if (event === undefined)
        throw new Error(`line ${index + 1} of the journal ${path} is damaged`)
      replay(event)
    }
    return {
      append(event) {
        size = appendWhole(file, size, Buffer.from(`${codec.encode(event)}\n`))
      },
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/** All of the line or none of it: a half line in the middle would damage the file for ever. */
function appendWhole(file: number, size: number, line: Uint8Array): number {
  try {
    for (let written = 0; written < line.length; )
      written += writeSync(file, line, written, line.length - written)
    return size + line.length
  } catch (error) {
    ftruncateSync(file, size)
    throw error
  }
}
