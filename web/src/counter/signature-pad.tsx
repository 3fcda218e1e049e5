// A pad for a pen or a finger. Signing is the customer's choice; the tick beside it is what counts.
import { type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Point, pad, pathOf } from './pen.ts'

export function SignaturePad({ onSigned }: { onSigned: (path: string) => void }) {
  const { t } = useTranslation('counter')
  const strokes = useRef<Point[][]>([])
  const [path, setPath] = useState('')

  const draw = (event: PointerEvent<SVGSVGElement>, begins: boolean) => {
    const box = event.currentTarget.getBoundingClientRect()
    const point = {
      x: ((event.clientX - box.left) / box.width) * pad.width,
      y: ((event.clientY - box.top) / box.height) * pad.height,
    }
    if (begins) strokes.current.push([])
    strokes.current.at(-1)?.push(point)
    setPath(pathOf(strokes.current))
  }
  const clear = () => {
    strokes.current = []
    setPath('')
    onSigned('')
  }
  return (
    <div className="pad">
      <svg
        viewBox={`0 0 ${pad.width} ${pad.height}`}
        role="img"
        aria-label={path === '' ? t('signature.empty') : t('signature.there')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          draw(event, true)
        }}
        onPointerMove={(event) => event.buttons > 0 && draw(event, false)}
        onPointerUp={() => onSigned(pathOf(strokes.current))}
      >
        <path d={path} fill="none" stroke="currentColor" strokeWidth="2.4" strokeLinecap="round" />
      </svg>
      <p className="pad-line">{t('signature.label')}</p>
      {path !== '' && (
        <button type="button" className="link-button pad-clear" onClick={clear}>
          {t('signature.again')}
        </button>
      )}
    </div>
  )
}
