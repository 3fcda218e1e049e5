/**
 * The file for the printer: a line for each card, encrypted for the printer's key alone (JWE, RFC 7516). Whoever
 * comes by it on its way has nothing.
 */
import { CompactEncrypt, importSPKI } from 'jose'
import { format, type Result, refuse } from '../kernel/index.ts'
import type { Made } from './batches.ts'

const algorithm = 'RSA-OAEP-256'
const bitsMin = 2_048

type PrinterKey = Awaited<ReturnType<typeof importSPKI>>

/** A public RSA key in PEM, of at least 2048 bits; asked before a batch is made for it. */
export async function readPrinterKey(
  pem: string,
): Promise<Result<PrinterKey, 'printer_key_malformed'>> {
  try {
    const value = await importSPKI(pem, algorithm)
    const { modulusLength = 0 } = value.algorithm as { readonly modulusLength?: number }
    return modulusLength < bitsMin ? refuse('printer_key_malformed') : { ok: true, value }
  } catch {
    return refuse('printer_key_malformed')
  }
}

export function sealedFile({ batch, cards }: Made, key: PrinterKey): Promise<string> {
  const until = new Date(batch.validUntil).toISOString()
  const lines = cards.map(
    ({ serial, code }) => `${serial},${code.reveal()},${format(batch.amount)},${until}`,
  )
  const text = ['serial,code,amount,valid_until', ...lines, ''].join('\n')
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: algorithm, enc: 'A256GCM', cty: 'text/csv' })
    .encrypt(key)
}
