// Reading a merchant's code: by the camera, out of a picture, or as text; then what it asks for is paid.
import { type FormEvent, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../../api.ts'
import { consumerApi } from '../consumer-api.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Camera, detector } from './camera.tsx'
import type { Scanned } from './contract.ts'
import { PayForm } from './pay-form.tsx'

export function ScanScreen() {
  const { t } = useTranslation('code')
  const [scanned, setScanned] = useState<Scanned | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [typed, setTyped] = useState('')
  const [isBlank, setBlank] = useState(false)
  const canRead = detector() !== null
  const look = useCallback(async (text: string) => {
    const answer = await consumerApi.post<Scanned>('/scans', { text })
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) setScanned(answer.value)
  }, [])
  const lookAtPicture = async (file: File | undefined) => {
    if (!file) return
    const [found] = (await detector()?.detect(await createImageBitmap(file))) ?? []
    setBlank(found === undefined)
    if (found) await look(found.rawValue)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim() !== '') void look(typed.trim())
  }
  if (scanned) return <PayForm scanned={scanned} onOther={() => setScanned(null)} />
  return (
    <>
      <ScreenHead title={t('scan.title')} />
      {canRead && problem === null && <Camera onText={look} />}
      {problem && <ProblemNote problem={problem} onAgain={() => setProblem(null)} />}
      {isBlank && <p className="problem">{t('scan.blank')}</p>}
      <form className="panel card" onSubmit={submit}>
        {canRead && (
          <label className="button button-large wide file-button">
            {t('scan.picture')}
            <input
              className="visually-hidden"
              type="file"
              accept="image/*"
              onChange={({ target }) => void lookAtPicture(target.files?.[0])}
            />
          </label>
        )}
        <label className="field">
          <span>{t('scan.text')}</span>
          <input
            value={typed}
            autoComplete="off"
            onChange={({ target }) => setTyped(target.value)}
          />
        </label>
        <p className="note">{t(canRead ? 'scan.either' : 'scan.only')}</p>
        <button
          type="submit"
          className="button button-primary button-large wide"
          disabled={typed.trim() === ''}
        >
          {t('scan.next')}
        </button>
      </form>
    </>
  )
}
