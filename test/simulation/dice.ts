/** Chance of a simulation: numbers that are the same for the same seed, on every machine. */
export interface Dice {
  /** From 0 up to 1. */
  next(): number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<Value>(from: readonly Value[]): Value
  fill(bytes: Uint8Array): Uint8Array
}

/** The same words give the same dice; other words give dice that have nothing to do with them. */
export function createDice(...words: readonly (string | number)[]): Dice {
  let state = hashOf(words.join('|'))
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick(from) {
      const picked = from[between(0, from.length - 1)]
      if (picked === undefined) throw new Error('nothing to pick from')
      return picked
    },
    fill(bytes) {
      for (let i = 0; i < bytes.length; i += 1) bytes[i] = between(0, 255)
      return bytes
    },
  }
}

/** FNV-1a over the characters. */
export function hashOf(text: string, before = 0x811c9dc5): number {
  let hash = before
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
