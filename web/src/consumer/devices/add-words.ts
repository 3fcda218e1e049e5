// The words come with the screen that needs them: the first screen does not wait for them.
import i18next from 'i18next'
import { devicesEn } from './words-en.ts'
import { devicesZh } from './words-zh.ts'

i18next.addResourceBundle('zh-CN', 'devices', devicesZh)
i18next.addResourceBundle('en', 'devices', devicesEn)
