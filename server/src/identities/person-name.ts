/** Names of people: which can be one, when two are the same, and what others may see of one. */

const lettersMax = 64

/** Letters with spaces, dots, hyphens and apostrophes between them; at least one letter. */
export const isPersonName = (name: string): boolean =>
  [...name].length <= lettersMax &&
  /^\p{L}[\p{L}\p{M}]*(?:[ ·.'-]{1,2}[\p{L}\p{M}]+)*\.?$/u.test(name)

/**
 * As it is kept: one width, one kind of dot (for 买买提·艾力 there are many), no space between Han characters,
 * one between other words.
 */
export const writtenName = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/[\u2022\u2027\u2219\u22C5\u30FB\u318D\uFF65•・]/gu, '·')
    .replace(/[\u2018\u2019`]/g, "'")
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?· ?/g, '·')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')

/** Two spellings of one name agree in this. */
export const normalName = (typed: string): string => writtenName(typed).toUpperCase()

/** 张三 is `*三`, 欧阳小明 `***明`, John Smith `J*** S***`: in Han the last character, else each first letter. */
export function maskedName(name: string): string {
  const letters = [...name]
  const last = letters.at(-1) ?? ''
  if (/\p{Script=Han}/u.test(last)) return `${'*'.repeat(Math.max(1, letters.length - 1))}${last}`
  return name
    .split(/\s+/)
    .map((word) => `${[...word][0] ?? ''}***`)
    .join(' ')
}

/**
 * Of what the mask leaves out, the character that proves somebody knows the name: in Han the first, which is
 * the surname's (欧 of 欧阳小明), else the last letter of the last word.
 */
export function missingCharacter(name: string): string {
  const letters = [...normalName(name)]
  return (/\p{Script=Han}/u.test(letters.at(-1) ?? '') ? letters[0] : letters.at(-1)) ?? ''
}

/** The first and the last character of a document's number. */
export const maskedIdNumber = (number: string): string =>
  `${number.slice(0, 1)}${'*'.repeat(number.length - 2)}${number.slice(-1)}`
