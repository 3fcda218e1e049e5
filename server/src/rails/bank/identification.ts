/**
 * Field 61 of a card verification: what the customer says about himself, for the bank to compare.
 *
 *     kind of document 2, number 20, results of CVV and PVV 1 each, `CUP`, security code 3, its result 1,
 *     result of the chip 1, `CUP`, then `AM`, sixteen flags of which the first two say that a name and a
 *     mobile number follow, name (length 2), mobile number (length 3)
 *
 * Results are spaces in a request.
 */
import type { Verification } from '../../bank-cards/index.ts'
import type { Secret } from '../../kernel/index.ts'

type Identification = Pick<Verification, 'name' | 'document' | 'mobile' | 'securityCode'>

/** Undefined when a part does not fit its place: the others would move. */
export function identificationOf(given: Identification): string | undefined {
  const { name, document, mobile, securityCode } = given
  const holder = name.reveal()
  const number = mobile.reveal()
  const fits =
    /^\d{2}$/.test(document.kind) &&
    /^[0-9A-Za-z]{1,20}$/.test(document.number.reveal()) &&
    /^\d{1,20}$/.test(number) &&
    /^(\d{3})?$/.test(securityCode?.reveal() ?? '') &&
    octetsOf(holder) >= 1 &&
    octetsOf(holder) <= 99
  if (!fits) return undefined
  return [
    document.kind,
    document.number.reveal().padEnd(20),
    '  CUP',
    (securityCode?.reveal() ?? '').padEnd(3),
    '  CUP',
    `AM11${'0'.repeat(14)}`,
    String(octetsOf(holder)).padStart(2, '0'),
    holder,
    String(number.length).padStart(3, '0'),
    number,
  ].join('')
}

/** Of a credit to a stranger's card: the name alone, in the same place. Undefined when it does not fit. */
export function payeeOf(name: Secret): string | undefined {
  const holder = name.reveal()
  const octets = octetsOf(holder)
  if (octets < 1 || octets > 99) return undefined
  const nothing = `${' '.repeat(22)}  CUP     CUP`
  return `${nothing}AM1${'0'.repeat(15)}${String(octets).padStart(2, '0')}${holder}`
}

/** As GBK has them: two for what is not ASCII. */
const octetsOf = (text: string) =>
  [...text].reduce((sum, character) => sum + (character > '\x7f' ? 2 : 1), 0)
