// Reading a code: by the camera, out of a picture, or as text. What a merchant's asks for is paid; whoever shows a
// payment code is asked for money. The link of a payment page leads here with its order.
import { type ChangeEvent, type FormEvent, useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { Problem } from '../../api.ts'
import { consumerApi } from '../consumer-api.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import { ScreenHead } from '../parts/screen-head.tsx'
import { Camera } from './camera.tsx'
import { pictureReader } from './code-reader.ts'
import { CollectForm } from './collect-form.tsx'
import type { Scanned } from './contract.ts'
import { PayForm } from './pay-form.tsx'

type PictureFault = 'blank' | 'notRead' | 'notLoaded'

/** Eighteen digits, as they are shown in groups. */
const paymentCode = /^(?:\d\s*){18}$/

export function ScanScreen({ order }: { order?: string }) {
  const { t } = useTranslation('code')
  const [, go] = useLocation()
  const [scanned, setScanned] = useState<Scanned | null>(null)
  const [digits, setDigits] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState<PictureFault | null>(null)
  const [isReading, setReading] = useState(false)
  const look = useCallback(async (text: string) => {
    setFault(null)
    if (paymentCode.test(text)) return setDigits(text.replace(/\s/g, ''))
    const answer = await consumerApi.post<Scanned>('/scans', { text })
    setProblem(answer.ok ? null : answer.problem)
    if (answer.ok) setScanned(answer.value)
  }, [])
  useEffect(() => {
    if (order !== undefined) void look(`${location.origin}/pay/${order}`)
  }, [order, look])
  const lookAtPicture = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? []
    // The same picture may be chosen again.
    target.value = ''
    if (!file) return
    setFault(null)
    setReading(true)
    const found = await readPicture(file).finally(() => setReading(false))
    if ('text' in found) await look(found.text)
    else setFault(found.fault)
  }
  const again = () => {
    if (order !== undefined) return go('/code/scan')
    setScanned(null)
    setProblem(null)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim() !== '') void look(typed.trim())
  }
  if (digits !== null) return <CollectForm digits={digits} onOther={() => setDigits(null)} />
  if (scanned) return <PayForm scanned={scanned} onOther={again} />
  return (
    <>
      <ScreenHead title={t('scan.title')} />
      {problem === null && order === undefined && <Camera onText={look} />}
      {problem && <ProblemNote problem={problem} onAgain={again} />}
      {fault && (
        <p className="problem" role="alert">
          {t(`scan.picture_${fault}`)}
        </p>
      )}
      <form className="panel card" onSubmit={submit}>
        <label className="button button-large wide file-button">
          {t('scan.picture')}
          <input
            className="visually-hidden"
            type="file"
            accept="image/*"
            onChange={(event) => void lookAtPicture(event)}
          />
        </label>
        <label className="field">
          <span>{t('scan.text')}</span>
          <input
            value={typed}
            autoComplete="off"
            onChange={({ target }) => setTyped(target.value)}
          />
        </label>
        <p className="note" role="status">
          {t(isReading ? 'scan.reading' : 'scan.either')}
        </p>
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

async function readPicture(file: File): Promise<{ text: string } | { fault: PictureFault }> {
  const sight = await createImageBitmap(file).catch(() => null)
  if (sight === null) return { fault: 'notRead' }
  try {
    const read = await pictureReader().catch(() => null)
    if (read === null) return { fault: 'notLoaded' }
    const text = await read(sight).catch(() => null)
    return text === null ? { fault: 'blank' } : { text }
  } finally {
    sight.close()
  }
}
