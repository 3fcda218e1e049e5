// The words come with the screen that needs them: the first screen does not wait for them.
import i18next from 'i18next'
import { topUpVoucherEn } from './words-en.ts'
import { topUpVoucherZh } from './words-zh.ts'

i18next.addResourceBundle('zh-CN', 'topUpVoucher', topUpVoucherZh)
i18next.addResourceBundle('en', 'topUpVoucher', topUpVoucherEn)
