/** What a check of `telepurse doctor` found, and what to do about it. */
export interface Finding {
  readonly state: 'good' | 'warning' | 'bad'
  readonly what: string
  readonly says: string
  readonly todo?: string
}

export const good = (what: string, says: string): Finding => ({ state: 'good', what, says })

export const warning = (what: string, says: string, todo: string): Finding => ({
  state: 'warning',
  what,
  says,
  todo,
})

export const bad = (what: string, says: string, todo: string): Finding => ({
  state: 'bad',
  what,
  says,
  todo,
})

const marks = { good: '✓', warning: '!', bad: '✗' } as const

/** `✗ database: nothing answers at … → start it` */
export const lineOf = ({ state, what, says, todo }: Finding): string =>
  `${marks[state]} ${what}: ${says}${todo === undefined ? '' : ` → ${todo}`}`
