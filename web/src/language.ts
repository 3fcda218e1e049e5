// Chinese or English: chosen by `?lang=`, else by the last choice here, else by the browser.
import i18next, { type Resource } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Language } from './names.ts'

const storageKey = 'telepurse.language'

function parse(code: string | null | undefined): Language | null {
  if (!code) return null
  return code.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

/** Storage may be forbidden; the page then simply does not remember. */
function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // Nothing is lost but the memory of the choice.
  }
}

function announce(language: string): void {
  document.documentElement.lang = language
}

export function startLanguage(resources: Resource): void {
  const asked = parse(new URLSearchParams(location.search).get('lang'))
  if (asked) remember(asked)
  const language = asked ?? parse(remembered()) ?? parse(navigator.language) ?? 'zh-CN'
  i18next.on('languageChanged', announce)
  void i18next.use(initReactI18next).init({
    resources,
    lng: language,
    fallbackLng: false,
    initAsync: false,
    interpolation: { escapeValue: false },
  })
  announce(language)
}

export function switchLanguage(): void {
  const next: Language = i18next.language === 'en' ? 'zh-CN' : 'en'
  remember(next)
  const address = new URL(location.href)
  address.searchParams.delete('lang')
  history.replaceState(null, '', address)
  void i18next.changeLanguage(next)
}
