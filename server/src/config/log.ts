/**
 * The log: JSON lines on standard error. No personal data leaves through it: whatever the line says,
 * mobile and card numbers are masked in its text, and fields that hold texts or secrets are left out.
 */
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino'
import { maskCardNumbers } from '../kernel/index.ts'
import type { Config } from './settings.ts'

const hidden = ['text', 'body', 'password', 'secret', 'token', 'authorization', 'cookie', 'pin']

const standardError = 2

export function createLog(
  { logLevel }: Pick<Config, 'logLevel'>,
  stream: DestinationStream = destination(standardError),
): Logger {
  return pino(
    {
      level: logLevel,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths: hidden.flatMap(atAnyDepth), remove: true },
      hooks: { streamWrite: (line) => maskCardNumbers(maskNumbers(line)) },
    },
    stream,
  )
}

/** As deep as our own log lines go: a field, of an object, of a request's headers. */
const atAnyDepth = (field: string) => [field, `*.${field}`, `*.*.${field}`]

/** Numbers that stand alone; digits inside ids and longer numbers are none. */
export const maskNumbers = (line: string): string =>
  line.replace(
    /(?<![0-9A-Za-z])(?:\+86|0086|86)?(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])/g,
    '$1****$2',
  )
