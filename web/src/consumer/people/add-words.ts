// The words come with the screens that need them: the first screen does not wait for them.
import i18next from 'i18next'
import { peopleEn } from './words-en.ts'
import { peopleZh } from './words-zh.ts'

i18next.addResourceBundle('zh-CN', 'people', peopleZh)
i18next.addResourceBundle('en', 'people', peopleEn)
