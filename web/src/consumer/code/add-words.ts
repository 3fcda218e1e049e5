// The words come with the screens that need them: the first screen does not wait for them.
import i18next from 'i18next'
import { codeEn } from './words-en.ts'
import { codeZh } from './words-zh.ts'

i18next.addResourceBundle('zh-CN', 'code', codeZh)
i18next.addResourceBundle('en', 'code', codeEn)
