/**
 * A merchant's code for people and logs, a line for each data object. Of what may be a card, an account or a
 * telephone number only some digits are shown; of what only its owner understands, only the length.
 */
import { dots, printable, withoutNumbers } from '../masking.ts'
import type { DataObject, MerchantCode, Template } from './code.ts'
import { objectIn } from './code.ts'
import { additionalNames } from './names.ts'

/** For example `54 amount 23.72`, `26 account D15600000000 05 (11 characters)`. Never throws. */
export function describeMerchantCode(code: MerchantCode): readonly string[] {
  const { tip, additional, localName } = code
  return [
    ...line('01 initiation', code.initiation),
    ...code.accounts.map(accountLine),
    ...line('52 category', code.categoryCode),
    ...line('53 currency', code.currency),
    ...line('54 amount', code.amount),
    ...line('55 tip', tip?.kind),
    ...line('56 fee', tip?.kind === 'fixed' ? tip.fee : undefined),
    ...line('57 percentage', tip?.kind === 'percentage' ? tip.percentage : undefined),
    ...line('58 country', code.country),
    ...textLine('59 name', code.name),
    ...textLine('60 city', code.city),
    ...textLine('61 postal_code', code.postalCode),
    ...Object.entries(additionalNames).flatMap(([id, name]) =>
      textLine(`62.${id} ${snakeCase(name)}`, shownData(name, additional?.[name])),
    ),
    ...(additional?.reserved ?? []).map((it) => `62.${lengthLine(it)}`),
    ...(additional?.templates ?? []).map((it) => `62.${templateLine(it, 'template')}`),
    ...line('64.00 language', localName?.language),
    ...textLine('64.01 name', localName?.name),
    ...textLine('64.02 city', localName?.city),
    ...(localName?.reserved ?? []).map((it) => `64.${lengthLine(it)}`),
    ...(code.reserved ?? []).map(lengthLine),
    ...(code.templates ?? []).map((it) => templateLine(it, 'template')),
  ]
}

const line = (title: string, text: string | undefined): readonly string[] =>
  text === undefined ? [] : [`${title} ${printable(text)}`]

const textLine = (title: string, text: string | undefined): readonly string[] =>
  line(title, text && withoutNumbers(text))

const lengthOf = (value: string) => `(${Array.from(value).length} characters)`
const lengthLine = ({ id, value }: DataObject) => `${printable(id)} ${lengthOf(value)}`

const accountLine = (account: DataObject | Template): string =>
  'objects' in account
    ? templateLine(account, 'account')
    : `${printable(account.id)} account ${dots}${printable(account.value.length < 12 ? '' : account.value.slice(-4))}`

function templateLine({ id, objects }: Template, title: string): string {
  const others = objects.filter((it) => it.id !== '00').map(lengthLine)
  const owner = ownerOf(objectIn(objects, '00') ?? '')
  return [printable(id), title, owner, ...others].join(' ')
}

/** An AID, a domain or a UUID is public, and is none when it is all digits. */
const ownerOf = (globalId: string) =>
  /[A-Za-z]/.test(globalId) ? printable(globalId) : withoutNumbers(globalId)

/** What is the payer's own is not shown at all. */
const secret: ReadonlySet<string> = new Set(['mobileNumber', 'loyaltyNumber', 'customerLabel'])

const shownData = (name: string, value: string | undefined) =>
  value !== undefined && value !== '***' && secret.has(name) ? dots : value

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`)
