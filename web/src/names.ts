// A thing named in both languages, and tables of words that say the same in both.

export type Language = 'zh-CN' | 'en'

export type Name = { zh: string; en: string }

/** Exactly the words of the Chinese table, in another language. */
export type Translated<Words> = {
  [Key in keyof Words]: Words[Key] extends string ? string : Translated<Words[Key]>
}

export function pick(name: Name, language: string): string {
  return language === 'en' ? name.en : name.zh
}
