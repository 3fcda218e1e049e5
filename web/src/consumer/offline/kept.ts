// The last answers, kept on this device: without a network they are shown with their time. Gone at sign-out.
// What was kept is old until it has been read again, however young it is: nothing here is shown as what is so now.

const prefix = 'telepurse.app.'

type Kept<T> = { value: T; at: number }

/** What the server has said since this page was opened. */
const heard = new Set<string>()

export const isHeard = (name: string): boolean => heard.has(name)

export function keep<T>(name: string, value: T): void {
  heard.add(name)
  try {
    localStorage.setItem(prefix + name, JSON.stringify({ value, at: Date.now() }))
  } catch {
    // Storage may be forbidden or full: then nothing can be read offline, and nothing else changes.
  }
}

export function kept<T>(name: string): Kept<T> | null {
  try {
    const text = localStorage.getItem(prefix + name)
    return text === null ? null : (JSON.parse(text) as Kept<T>)
  } catch {
    return null
  }
}

export function forgetKept(): void {
  heard.clear()
  try {
    for (const name of Object.keys(localStorage))
      if (name.startsWith(prefix)) localStorage.removeItem(name)
  } catch {
    // Nothing was kept.
  }
}
