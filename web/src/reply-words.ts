// Which answers a text asks for: `Y`, or `Y1` and `Y2` from a list, and `N` when the text offers it.

const yesWord = /(?<![A-Za-z])Y[1-9]?(?![A-Za-z0-9])/g
const noWord = /(?<![A-Za-z])N(?![A-Za-z0-9.])/

export function replyWordsOf(text: string): string[] {
  const yes = new Set(text.match(yesWord) ?? [])
  if (yes.size === 0) return []
  return noWord.test(text) ? [...yes, 'N'] : [...yes]
}

/** The text cut around its first yes-word, so that the word can be marked. */
export function aroundYes(text: string): { before: string; yes: string; after: string } {
  const at = text.search(yesWord)
  const yes = text.match(yesWord)?.[0] ?? ''
  if (at < 0) return { before: text, yes: '', after: '' }
  return { before: text.slice(0, at), yes, after: text.slice(at + yes.length) }
}
