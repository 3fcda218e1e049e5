/**
 * Field 61 of a card verification: who the customer says to be. As UnionPay has it: kind of document 2,
 * its number 20, results of CVV and PVV 1 each, centre 3, CVN2 3, its result and that of the ARQC 1 each,
 * centre 3, then `AM`, 16 flags and data: name with a length of two digits, mobile number with three.
 * Lengths count octets, of which a Chinese character has two.
 */
export interface Identity {
  readonly idKind: string
  readonly idNumber: string
  /** Compared at once, and kept nowhere. */
  readonly cvn2?: string
  readonly name: string
  readonly mobile: string
}

const head = /^(\d{2})(.{20})..(?:CUP| {3})(\d{3}| {3})..(?:CUP| {3})AM.{16}/s

/** Undefined when it is not in this form. */
export function readIdentity(text: string): Identity | undefined {
  const [whole = '', idKind, idNumber, cvn2 = ''] = head.exec(text) ?? []
  if (idKind === undefined || idNumber === undefined) return undefined
  const name = readCounted(text, whole.length, 2)
  const mobile = name && readCounted(text, name.end, 3)
  if (!name || !mobile) return undefined
  return {
    idKind,
    idNumber: idNumber.trim(),
    name: name.value,
    mobile: mobile.value,
    ...(cvn2.trim() !== '' && { cvn2 }),
  }
}

const nameAlone = /^.{22}..(?:CUP| {3}).{3}..(?:CUP| {3})AM1.{15}/s

/** Of a credit: whom its sender believes to pay; undefined when the field names nobody. */
export function readPayee(text: string): string | undefined {
  const [whole] = nameAlone.exec(text) ?? []
  return whole === undefined ? undefined : readCounted(text, whole.length, 2)?.value
}

export function writeIdentity({ idKind, idNumber, cvn2 = '   ', name, mobile }: Identity): string {
  const counted = (value: string, digits: number) =>
    `${String(octetsIn(value)).padStart(digits, '0')}${value}`
  const document = `${idKind}${idNumber.padEnd(20)}`
  const checks = `  CUP${cvn2}  CUP`
  return `${document}${checks}AM${'0'.repeat(16)}${counted(name, 2)}${counted(mobile, 3)}`
}

function readCounted(
  text: string,
  at: number,
  digits: number,
): { readonly value: string; readonly end: number } | undefined {
  const count = text.slice(at, at + digits)
  if (!/^\d+$/.test(count) || count.length < digits) return undefined
  let end = at + digits
  for (let left = Number(count); left > 0; end += 1) {
    if (end >= text.length) return undefined
    left -= octetsIn(text[end] ?? '')
  }
  return { value: text.slice(at + digits, end), end }
}

const octetsIn = (text: string): number =>
  [...text].reduce((sum, character) => sum + (character < '\u0080' ? 1 : 2), 0)
