// The decoder for browsers that read no codes by themselves. Only `code-reader.ts` fetches it, when it is needed.
import type { CodeReader, Sight } from './code-reader.ts'
import { decodeGrey, waysCount } from './decode-grey.ts'
import { type Grey, greyOf } from './grey.ts'

/** Enough for a code in a corner of a photograph; a phone's browser has no canvas for all of it. */
const longestEdge = 2048
/** How long what is hard to read may be tried: the page stands still meanwhile. */
const frameMs = 100
const pictureMs = 400

/** Each frame in the next way: there are many of them, and little time for one. */
export function frameDecoder(): CodeReader {
  let turn = 0
  return async (sight) => {
    const way = turn % waysCount
    turn += 1
    const grey = greyIn(sight)
    return grey && decodeGrey(grey, { way, timeLimit: frameMs })
  }
}

/** A picture in every way, for there is no other. */
export const decodePicture: CodeReader = async (sight) => {
  const grey = greyIn(sight)
  for (let way = 0; grey !== null && way < waysCount; way += 1) {
    const text = decodeGrey(grey, { way, timeLimit: pictureMs })
    if (text !== null) return text
    // The page is drawn in between.
    await new Promise((wake) => setTimeout(wake))
  }
  return null
}

function greyIn(sight: Sight): Grey | null {
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
  return greyOf(context.getImageData(0, 0, canvas.width, canvas.height))
}
