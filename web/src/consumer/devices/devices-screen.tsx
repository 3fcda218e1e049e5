// Where one is signed in, and with what: each can be ended from here.
import { useTranslation } from 'react-i18next'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Passkeys } from './passkeys.tsx'
import { Sessions } from './sessions.tsx'
import './add-words.ts'
import './devices.css'

export function DevicesScreen() {
  const { t } = useTranslation('devices')
  return (
    <>
      <ScreenHead title={t('title')} back="/me" />
      <Sessions />
      <Passkeys />
    </>
  )
}
