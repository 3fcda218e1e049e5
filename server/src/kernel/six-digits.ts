/** A one-time code from four random bytes: 2^32 is so much larger than a million that no code is favoured. */
export function sixDigits(bytes: Uint8Array): string {
  const number = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0)
  return String(number % 1_000_000).padStart(6, '0')
}
