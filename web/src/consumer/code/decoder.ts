// The decoder for browsers that read no codes by themselves. Only `code-reader.ts` fetches it, when it is needed.
import decodeQR from 'qr/decode.js'
import type { CodeReader, Sight } from './code-reader.ts'

/** Enough for a code in a corner of a photograph; a phone's browser has no canvas for all of it. */
const longestEdge = 2048
/** How long what is hard to read may be tried: the page stands still meanwhile. */
const tryMs = 100

export const decode: CodeReader = async (sight) => {
  const pixels = pixelsOf(sight)
  if (pixels === null) return null
  try {
    return decodeQR(pixels, { effort: Number.POSITIVE_INFINITY, timeLimit: tryMs })
  } catch {
    // It throws where it finds nothing.
    return null
  }
}

function pixelsOf(sight: Sight): ImageData | null {
  const [width, height] =
    sight instanceof HTMLVideoElement
      ? [sight.videoWidth, sight.videoHeight]
      : [sight.width, sight.height]
  const scale = Math.min(1, longestEdge / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null || canvas.width === 0 || canvas.height === 0) return null
  // What is transparent is seen on white.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(sight, 0, 0, canvas.width, canvas.height)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}
