/**
 * Vectors published by other implementations (gosmpp, jsmpp, SMSGate), read from the folder that holds
 * them beside the repository. Where that folder is missing these tests are reported as skipped.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeGsm7, encodeGsm7, packSeptets, unpackSeptets } from './gsm7.ts'
import { parseReceipt } from './smpp/delivery-receipt.ts'
import { decodePdu, encodePdu } from './smpp/pdu.ts'
import { shortMessageOf } from './smpp/short-message.ts'

interface Vectors {
  readonly pdus: readonly { readonly command: string; readonly hex: string }[]
  readonly gsm7_packed: readonly { readonly text: string; readonly hex: string }[]
  readonly gsm7_unpacked: readonly { readonly text: string; readonly hex: string }[]
  readonly deliveryReceipts: { readonly samples: readonly { readonly text: string }[] }
  readonly smsgateDeliverSm: { readonly hex: readonly string[] }
}

const file = join(import.meta.dirname, '../../../../shared/vectors/smpp.json')
const missing = !existsSync(file)
const vectors = () => JSON.parse(readFileSync(file, 'utf8')) as Vectors

const octetsOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const hexOf = (octets: Uint8Array) => Buffer.from(octets).toString('hex')

function septetsOf(text: string) {
  const encoded = encodeGsm7(text)
  if (!encoded.ok) throw new Error(encoded.refusal)
  return encoded.value
}

function pduOf(hex: string) {
  const decoded = decodePdu(octetsOf(hex))
  if (!decoded.ok) throw new Error(`${decoded.refusal.reason} ${decoded.refusal.field} in ${hex}`)
  return decoded.value
}

test.skipIf(missing)('published PDUs are read and written octet for octet', () => {
  // One entry is the content of a short message, not a PDU.
  const pdus = vectors().pdus.filter((it) => it.command !== 'GSM7BIT')
  expect(pdus.length).toBeGreaterThan(40)
  for (const { command, hex } of pdus) {
    const pdu = pduOf(hex)
    expect(pdu.command).toBe(command.toLowerCase())
    expect(hexOf(encodePdu(pdu))).toBe(hex)
  }
})

test.skipIf(missing)('a published deliver_sm with a header says which part it is', () => {
  const hex = vectors().pdus.find((it) => it.hex.includes('050003fe0201'))?.hex ?? ''
  const pdu = pduOf(hex)
  if (pdu.command !== 'deliver_sm') throw new Error(pdu.command)
  const message = shortMessageOf(pdu)
  expect(message).toMatchObject({
    ok: true,
    value: {
      concatenation: { reference: 0xfe, referenceBits: 8, total: 2, part: 1 },
      text: 'nghắ nghiêng nghiễng ngả',
    },
  })
})

test.skipIf(missing)('published unpacked texts are read and written alike', () => {
  for (const vector of vectors().gsm7_unpacked) {
    expect(hexOf(septetsOf(vector.text))).toBe(vector.hex)
    expect(decodeGsm7(octetsOf(vector.hex))).toBe(vector.text)
  }
})

test.skipIf(missing)('published packed texts are read and written alike', () => {
  for (const vector of vectors().gsm7_packed) {
    const septets = septetsOf(vector.text)
    expect(hexOf(packSeptets(septets))).toBe(vector.hex)
    expect(decodeGsm7(unpackSeptets(octetsOf(vector.hex), septets.length))).toBe(vector.text)
  }
})

test.skipIf(missing)('published receipts are read, with their oddities', () => {
  const read = vectors().deliveryReceipts.samples.map((it) => parseReceipt(it.text))
  const usual = {
    id: '0123456789',
    state: 'DELIVERED',
    submitted: 1,
    delivered: 1,
    submitDate: '0809011130',
    doneDate: '0809011131',
    error: '000',
    text: 'hello',
  }
  const { text: _, ...noText } = usual
  expect(read).toEqual([
    usual,
    usual,
    { ...noText, submitDate: '080901113012', doneDate: '080901113147' },
    {
      id: '1526758174',
      state: 'DELIVERED',
      submitDate: '1701240904',
      doneDate: '1701250907',
      error: '000',
      text: 'hello',
    },
  ])
})

test.skipIf(missing)('published deliver_sm of another gateway are read', () => {
  const [receipt, empty] = vectors().smsgateDeliverSm.hex.map(pduOf)
  if (receipt?.command !== 'deliver_sm' || empty?.command !== 'deliver_sm')
    throw new Error('command')
  const message = shortMessageOf(receipt)
  const text = message.ok ? (message.value.text ?? '') : ''
  expect(parseReceipt(text)).toMatchObject({
    id: '94251430923',
    state: 'ACCEPTED',
    error: '107',
    text: ' 26F102',
  })
  expect(empty.body).toMatchObject({ service_type: '1001', esm_class: 0 })
  expect(empty.body.short_message).toHaveLength(0)
})
