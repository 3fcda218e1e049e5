// The camera, looked at until there is a code in it. Where it cannot be used it says why.
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { frameReader } from './code-reader.ts'

type Refusal = 'denied' | 'none' | 'busy' | 'notLoaded'

/** Cameras give 640 pixels when they are not asked: a code across the counter is then too small. */
const sharpEdge = 1_280
const lookEveryMs = 250
/** After so long one is told what else helps. */
const helpAfterMs = 8_000

export function Camera({ onText }: { onText: (text: string) => void }) {
  const { t } = useTranslation('code')
  const video = useRef<HTMLVideoElement>(null)
  const [refusal, refuse] = useState<Refusal | null>(null)
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    let stream: MediaStream | undefined
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const help = setTimeout(() => setLong(true), helpAfterMs)
    const stop = () => {
      isOver = true
      clearTimeout(timer)
      clearTimeout(help)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    const start = async () => {
      stream = await cameraStream()
      if (isOver) return stop()
      if (video.current) video.current.srcObject = stream
      const read = await frameReader().catch(() => null)
      if (isOver) return
      if (read === null) {
        stop()
        return refuse('notLoaded')
      }
      const look = async () => {
        const sight = video.current
        const text = sight && sight.readyState >= 2 ? await read(sight).catch(() => null) : null
        if (isOver) return
        if (text !== null) onText(text)
        else timer = setTimeout(() => void look(), lookEveryMs)
      }
      void look()
    }
    start().catch((error: unknown) => {
      if (!isOver) refuse(refusalOf(error))
    })
    return stop
  }, [onText])
  if (refusal !== null) {
    return (
      <p className="note" role="status">
        {t(`scan.camera_${refusal}`)}
      </p>
    )
  }
  return (
    <>
      <video
        ref={video}
        className="camera"
        aria-label={t('scan.camera')}
        autoPlay
        muted
        playsInline
      />
      <p className="note" role="status">
        {isLong && t('scan.camera_long')}
      </p>
    </>
  )
}

async function cameraStream(): Promise<MediaStream> {
  // Without TLS a browser hides its cameras.
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices }
  if (!mediaDevices) throw new DOMException('no cameras here', 'NotFoundError')
  return mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: sharpEdge } },
  })
}

function refusalOf(error: unknown): Refusal {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError') return 'denied'
  return name === 'NotFoundError' ? 'none' : 'busy'
}
