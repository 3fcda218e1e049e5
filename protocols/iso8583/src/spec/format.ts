/**
 * How one value looks on the wire, as data: kind of content, length, encoding. The kinds are those of
 * ISO 8583:1987 §4, and `attribute` reads its notation: `n 6`, `n..19`, `ans...999`, `b 64`.
 */

/**
 * `n` digits · `a` letters · `s` special characters · their combinations · `z` track 2 code
 * (digits and `=`) · `x+n` a letter C or D and digits · `b` octets.
 */
export type Content = 'n' | 'a' | 'an' | 'as' | 'ns' | 'ans' | 'z' | 'x+n' | 'b'

export type Encoding =
  /** One octet a character. */
  | 'ascii'
  /** ASCII, and Chinese characters in two octets (GBK). Lengths count octets. */
  | 'gbk'
  /** Two digits an octet; an odd number ends in a zero half octet. `=` is the half octet D. */
  | 'bcd_left'
  /** Two digits an octet; an odd number begins with a zero half octet. */
  | 'bcd_right'
  /** Octets as they are. */
  | 'binary'
  /** Each octet as two of 0-9 A-F. */
  | 'hex'

export type Length =
  /** Digits, characters or octets, always as many. For `x+n` the letter is counted too. */
  | { readonly fixed: number }
  /** Up to `max` of them, announced by a decimal number of `digits` digits. */
  | { readonly max: number; readonly digits: 2 | 3; readonly prefix: 'ascii' | 'bcd' }

export interface Format {
  readonly content: Content
  readonly encoding: Encoding
  readonly length: Length
}

/** The encodings of a flavour, by what they are for. */
export interface Style {
  readonly digits: 'ascii' | 'bcd_left' | 'bcd_right'
  readonly text: 'ascii' | 'gbk'
  readonly octets: 'binary' | 'hex'
  /** Of variable lengths. */
  readonly prefix: 'ascii' | 'bcd'
}

const notation = /^(n|a|an|as|ns|ans|z|x\+n|b)(?:(\.{2,3})| )(\d+)$/

/**
 * The format that a notation means in a flavour. Fixed `b` counts bits (`b 64` is eight octets), variable
 * `b` octets. Throws RangeError when it is no notation.
 */
export function attribute(text: string, style: Style): Format {
  const [, content, dots, count] = notation.exec(text) ?? []
  if (content === undefined || count === undefined)
    throw new RangeError(`${text} is no attribute of ISO 8583`)
  return {
    content: content as Content,
    encoding: encodingOf(content as Content, style),
    length: lengthOf(content as Content, dots, Number(count), style),
  }
}

function encodingOf(content: Content, style: Style): Encoding {
  if (content === 'b') return style.octets
  if (content === 'n' || content === 'z') return style.digits
  return content === 'x+n' ? 'ascii' : style.text
}

function lengthOf(content: Content, dots: string | undefined, count: number, style: Style): Length {
  if (dots !== undefined) return { max: count, digits: dots === '..' ? 2 : 3, prefix: style.prefix }
  if (content === 'b') return { fixed: count / 8 }
  return { fixed: content === 'x+n' ? count + 1 : count }
}

const encodings: Record<Content, readonly Encoding[]> = {
  n: ['ascii', 'bcd_left', 'bcd_right'],
  z: ['ascii', 'bcd_left', 'bcd_right'],
  'x+n': ['ascii'],
  a: ['ascii', 'gbk'],
  an: ['ascii', 'gbk'],
  as: ['ascii', 'gbk'],
  ns: ['ascii', 'gbk'],
  ans: ['ascii', 'gbk'],
  b: ['binary', 'hex'],
}

/** Throws RangeError when no value could ever have this format, with the name of its owner. */
export function checkFormat(owner: string, { content, encoding, length }: Format): void {
  if (!encodings[content]?.includes(encoding))
    throw new RangeError(`${owner}: ${content} cannot be encoded as ${encoding}`)
  const count = 'fixed' in length ? length.fixed : length.max
  const most = 'fixed' in length ? 9_999 : 10 ** length.digits - 1
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new RangeError(`${owner}: a length of ${count} is not from 1 to ${most}`)
}

/** Octets of a length prefix: `digits` in ASCII, half of them (rounded up) in BCD. */
export const prefixOctets = (length: Length): number =>
  'fixed' in length ? 0 : length.prefix === 'ascii' ? length.digits : (length.digits + 1) >> 1

/** Octets that `count` digits, characters or octets take. Of GBK, whose lengths count octets, `count`. */
export const contentOctets = (encoding: Encoding, count: number): number =>
  encoding === 'hex'
    ? count * 2
    : encoding === 'bcd_left' || encoding === 'bcd_right'
      ? (count + 1) >> 1
      : count
