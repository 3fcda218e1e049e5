// The camera, where the browser reads codes by itself; elsewhere the screen offers a picture or the text.
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]>
}
type DetectorClass = new (options: { formats: readonly string[] }) => Detector

export function detector(): Detector | null {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass }
  return BarcodeDetector ? new BarcodeDetector({ formats: ['qr_code'] }) : null
}

const lookEveryMs = 250

export function Camera({ onText }: { onText: (text: string) => void }) {
  const { t } = useTranslation('code')
  const video = useRef<HTMLVideoElement>(null)
  const [isRefused, refuse] = useState(false)
  useEffect(() => {
    const reader = detector()
    if (!reader) return
    let stream: MediaStream | undefined
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      const picture = video.current
      const [found] =
        picture && picture.readyState >= 2 ? await reader.detect(picture).catch(() => []) : []
      if (isOver) return
      if (found) onText(found.rawValue)
      else timer = setTimeout(() => void look(), lookEveryMs)
    }
    const start = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (isOver) return stop()
      if (video.current) video.current.srcObject = stream
      void look()
    }
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    start().catch(() => refuse(true))
    return () => {
      isOver = true
      clearTimeout(timer)
      stop()
    }
  }, [onText])
  if (isRefused) return <p className="note">{t('scan.noCamera')}</p>
  return (
    <video
      ref={video}
      className="camera"
      aria-label={t('scan.camera')}
      autoPlay
      muted
      playsInline
    />
  )
}
