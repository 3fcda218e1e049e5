/** A ref for the field that one types in first: focused when it appears, and left alone afterwards. */
export const focusFirst = (input: HTMLInputElement | null): void => input?.focus()
