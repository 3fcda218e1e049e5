import { encode } from 'uqr'
import { describe, expect, test } from 'vitest'
import { decodeGrey, waysCount } from './decode-grey.ts'
import { doubled, type Grey, greyOf, middle, stretched } from './grey.ts'

/** As long as the codes that merchants show of an order, and the address of a payment page. */
const order =
  '00020101021226560011example.pay0104602202290199000000007000800000000052040000530315654052' +
  '8.605802CN5908Book Bar6005CHINA64140002zh0104江城书吧6304ABCD'

const page = 'https://pay.example/pay/01990000-0000-7000-8000-0000000000ff'

interface Photo {
  readonly text?: string
  /** The code with its margin, in pixels. */
  readonly side?: number
  readonly degrees?: number
  /** The far edge is shorter than the near one. */
  readonly tilt?: number
  readonly isNegative?: boolean
  readonly darkest?: number
  readonly lightest?: number
  readonly noise?: number
  /** In pixels, to each side. */
  readonly blur?: number
}

/** The code on a lighter table, as somebody may have taken it. */
function photo(given: Photo): Grey {
  const {
    text = order,
    side = 160,
    darkest = 20,
    lightest = 240,
    noise = 0,
    blur = 0,
    isNegative,
  } = given
  const code = encode(text, { ecc: 'M', border: 4 })
  const edge = Math.ceil(side * 1.5)
  const random = chance()
  const data = new Uint8Array(edge * edge)
  for (let at = 0; at < data.length; at += 1) {
    const [x, y] = [at % edge, Math.floor(at / edge)]
    const seen: number[] = []
    for (let dy = -blur; dy <= blur + 0.5; dy += 0.5)
      for (let dx = -blur; dx <= blur + 0.5; dx += 0.5)
        seen.push(lightAt(code, given, [(x + dx - edge / 2) / side, (y + dy - edge / 2) / side]))
    const light = seen.reduce((sum, one) => sum + one, 0) / seen.length
    const shade = darkest + (lightest - darkest) * (isNegative ? 1 - light : light)
    data[at] = Math.min(255, Math.max(0, shade + noise * (random() + random() - 1)))
  }
  return { width: edge, height: edge, data }
}

function lightAt(
  { data, size }: ReturnType<typeof encode>,
  { degrees = 0, tilt = 0 }: Photo,
  [x, y]: readonly [number, number],
): number {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const [across, down] = [cos * x + sin * y, cos * y - sin * x]
  const depth = 1 / (1 - tilt * down)
  const row = data[Math.floor((down * depth + 0.5) * size)]
  const isDark = row?.[Math.floor((across * depth + 0.5) * size)]
  return isDark === undefined ? 0.8 : isDark ? 0 : 1
}

/** The same every time. */
function chance(): () => number {
  let last = 7
  return () => {
    last = (Math.imul(last, 1_664_525) + 1_013_904_223) >>> 0
    return last / 2 ** 32
  }
}

/** The first way that reads it. Without a limit of time, so that a slow machine reads the same. */
function wayOf(given: Photo): number | null {
  const grey = photo(given)
  for (let way = 0; way < waysCount; way += 1) {
    const read = decodeGrey(grey, { way, timeLimit: Number.POSITIVE_INFINITY })
    if (read === (given.text ?? order)) return way
    expect(read).toBeNull()
  }
  return null
}

describe('which pictures are read, and by which way first', () => {
  test.each<[string, Photo, number | null]>([
    ['straight', {}, 0],
    ['5°', { degrees: 5 }, 0],
    ['20°', { degrees: 20 }, 0],
    ['45°', { degrees: 45 }, 0],
    ['90°', { degrees: 90 }, 0],
    ['from the side', { tilt: 0.4 }, 0],
    ['light on dark', { isNegative: true }, 0],
    ['in the dark', { darkest: 10, lightest: 60 }, 0],
    ['a little noise', { noise: 40 }, 0],
    ['dull', { darkest: 120, lightest: 136 }, 1],
    ['much noise', { noise: 130 }, 2],
    ['soft', { blur: 1 }, 0],
    ['out of focus', { blur: 2 }, null],
    ['80 pixels', { text: page, side: 80 }, 2],
    ['100 pixels at 20°', { side: 100, degrees: 20 }, 2],
    ['80 pixels, of a longer text', { side: 80 }, null],
    ['a white wall', { darkest: 200, lightest: 200 }, null],
  ])('%s', (_, given, way) => {
    expect(wayOf(given)).toBe(way)
  })
})

test('grey is as bright as an eye finds it, stretched from black to white, doubled softly, and cut out of the middle', () => {
  const colours = Uint8ClampedArray.of(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255)
  expect([...greyOf({ width: 3, height: 1, data: colours }).data]).toEqual([76, 149, 28])
  const row = (...shades: number[]) => ({
    ...{ width: shades.length, height: 1 },
    data: Uint8Array.from(shades),
  })
  expect([...stretched(row(100, 110, 120)).data]).toEqual([0, 128, 255])
  expect([...stretched(row(7, 7)).data]).toEqual([0, 0])
  const wide = doubled(row(0, 100))
  expect([wide.width, wide.height, ...wide.data]).toEqual([4, 2, 0, 25, 75, 100, 0, 25, 75, 100])
  const cut = middle({ width: 4, height: 4, data: Uint8Array.from({ length: 16 }, (_, n) => n) })
  expect([cut.width, cut.height, ...cut.data]).toEqual([2, 2, 5, 6, 9, 10])
})
