// The words come with the screens that need them: the first screen does not wait for them.
import i18next from 'i18next'
import { cardBillEn } from './words-en.ts'
import { cardBillZh } from './words-zh.ts'

i18next.addResourceBundle('zh-CN', 'cardBill', cardBillZh)
i18next.addResourceBundle('en', 'cardBill', cardBillEn)
