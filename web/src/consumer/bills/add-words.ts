// The words come with the screens that need them: the first screen does not wait for them.
import i18next from 'i18next'
import { billsEn } from './words-en.ts'
import { billsZh } from './words-zh.ts'

i18next.addResourceBundle('zh-CN', 'bills', billsZh)
i18next.addResourceBundle('en', 'bills', billsEn)
