/** The words of the sign-in pages. */
export type Language = 'zh' | 'en'

/** `ui_locales` of the request (OpenID Connect Core §3.1.2.1), else what the browser prefers. */
export const languageOf = (uiLocales: unknown, acceptLanguage: string | undefined): Language => {
  const wanted = typeof uiLocales === 'string' ? uiLocales : (acceptLanguage ?? 'zh')
  return /^\s*zh\b/i.test(wanted) ? 'zh' : 'en'
}

export const words = {
  zh: {
    title: '用话费付款',
    numberLead: (merchant: string) => `${merchant}请你确认手机号`,
    number: '手机号',
    numberNote: '我们会发一条短信验证码，免费。',
    send: '发送验证码',
    codeLead: (number: string) => `验证码已发往 ${number}`,
    codeNote: '6位数字，5分钟内有效。如果该号码可以使用话费支付，短信很快会到。',
    code: '验证码',
    check: '确认',
    otherNumber: '换一个号码',
    consentLead: (merchant: string) => `${merchant}请求以下权限`,
    consentNote: (number: string) => `手机号 ${number}。你可以随时请客服撤回。`,
    agree: '同意',
    refuse: '不同意',
    numberWrong: '请输入11位手机号。',
    code_wrong: '验证码不正确，请重新输入。',
    too_late: '验证码已过期，请重新获取。',
    codes_locked: '验证码错误次数过多，请30分钟后再试。',
    no_tries_left: '已试错5次，请重新获取验证码。',
    wait: (seconds: number) => `请在${seconds}秒后再获取验证码。`,
    failed: '登录没有完成',
    failedNote: '没有扣除任何费用。请回到商户页面重新开始。',
    errorCode: '代码',
  },
  en: {
    title: 'Pay with your phone bill',
    numberLead: (merchant: string) => `${merchant} asks you to confirm your number`,
    number: 'Mobile number',
    numberNote: 'We text you a code. It is free.',
    send: 'Send the code',
    codeLead: (number: string) => `Code for ${number}`,
    codeNote:
      'Six digits, good for 5 minutes. If this number can pay here, the text is on its way.',
    code: 'Code',
    check: 'Confirm',
    otherNumber: 'Use another number',
    consentLead: (merchant: string) => `${merchant} asks to`,
    consentNote: (number: string) => `For ${number}. You can take this back at our help desk.`,
    agree: 'Agree',
    refuse: 'Do not agree',
    numberWrong: 'Enter an 11-digit mobile number.',
    code_wrong: 'That is not the code. Please type it again.',
    too_late: 'This code is too old. Please ask for a new one.',
    codes_locked: 'Too many wrong codes. Please try again in 30 minutes.',
    no_tries_left: 'Five wrong tries. Please ask for a new code.',
    wait: (seconds: number) => `You can ask for another code in ${seconds} s.`,
    failed: 'The sign-in was not finished',
    failedNote: 'Nothing was charged. Please go back to the merchant and start again.',
    errorCode: 'Code',
  },
} as const
