// The words come with the screens that need them: the first screen does not wait for them.
import i18next from 'i18next'
import { pointsEn } from './words-en.ts'
import { pointsZh } from './words-zh.ts'

i18next.addResourceBundle('zh-CN', 'points', pointsZh)
i18next.addResourceBundle('en', 'points', pointsEn)
