// A moment of the server as this screen writes it.
import { useTranslation } from 'react-i18next'
import { momentName } from '../moment.ts'

export function useMoment() {
  const { t } = useTranslation('app')
  return (at: string) => momentName(Date.parse(at), Date.now(), t)
}
