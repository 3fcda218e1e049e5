/** Names as people type them: whoever writes his own in another way is still himself. */
export const isSamePerson = (a: string, b: string): boolean => nameOf(a) === nameOf(b)

const nameOf = (name: string) => name.trim().toLowerCase()
