// Typing on twelve keys. In letters, pressing the same key again within a moment replaces what it just gave.

export type Mode = 'digits' | 'letters'

export type Typing = {
  text: string
  mode: Mode
  tapped: { key: string; turn: number; at: number } | null
}

const repeatMs = 1_000

const letters: Record<string, string> = {
  '1': '.,?1',
  '2': 'ABC2',
  '3': 'DEF3',
  '4': 'GHI4',
  '5': 'JKL5',
  '6': 'MNO6',
  '7': 'PQRS7',
  '8': 'TUV8',
  '9': 'WXYZ9',
  '0': ' 0',
  '*': '*+#',
}

const digits: Record<string, string> = { '*': '*.#+' }

export function press(typing: Typing, { key, at }: { key: string; at: number }): Typing {
  const characters = (typing.mode === 'letters' ? letters : digits)[key] ?? key
  const { tapped } = typing
  const again =
    tapped?.key === key && at - tapped.at <= repeatMs && characters.length > 1 ? tapped : null
  const turn = again ? (again.turn + 1) % characters.length : 0
  const kept = again ? typing.text.slice(0, -1) : typing.text
  return {
    ...typing,
    text: kept + characters.charAt(turn),
    tapped: characters.length > 1 ? { key, turn, at } : null,
  }
}

export function switchMode(typing: Typing): Typing {
  return { ...typing, mode: typing.mode === 'digits' ? 'letters' : 'digits', tapped: null }
}

export function erase(typing: Typing): Typing {
  return { ...typing, text: typing.text.slice(0, -1), tapped: null }
}

/** Text that came another way (a real keyboard, a quick reply) ends the running tap. */
export function replaceText(typing: Typing, text: string): Typing {
  return { ...typing, text, tapped: null }
}
