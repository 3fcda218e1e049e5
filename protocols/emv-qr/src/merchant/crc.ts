/** CRC-16/CCITT-FALSE: polynomial 1021, begun with FFFF, nothing reflected (EMV QRCPS-MPM 1.1, ID 63). */
import { octetsOf } from './characters.ts'

/** Four hexadecimal digits, upper case, over the UTF-8 octets of everything up to and with `6304`. */
export function crcOf(text: string): string {
  let crc = 0xffff
  for (const octet of octetsOf(text)) {
    crc ^= octet << 8
    for (let bit = 0; bit < 8; bit += 1)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc.toString(16).toUpperCase().padStart(4, '0')
}
