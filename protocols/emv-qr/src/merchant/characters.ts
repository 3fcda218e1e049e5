/** Texts by characters: the lengths in a code count those of Unicode, its checksum the octets they are in UTF-8. */

const encoder = new TextEncoder()

export const octetsOf = (text: string): Uint8Array => encoder.encode(text)

/** The characters of a text, each a string; a half of a surrogate pair without the other is one, too. */
export const charactersOf = (text: string): readonly string[] => Array.from(text)

/** The place of the first half of a surrogate pair without the other: it is no character, and UTF-8 has none for it. */
export function loneSurrogateIn(characters: readonly string[]): number | undefined {
  const at = characters.findIndex((it) => /^[\ud800-\udfff]$/.test(it))
  return at < 0 ? undefined : at
}
