/** The folder of billers: what others may read, or what is wrong in it, keeps the server from starting. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBillers } from './billers.ts'

const secret = 'nobody may read this, least of all in a log'
const text = (change: object = {}) =>
  JSON.stringify({
    ...{ code: 'power', kind: 'power', name: { zh: '供电', en: 'Power' } },
    city: { zh: '江城', en: 'Jiangcheng' },
    account: { zh: '户号', en: 'No.', pattern: '\\d{10}' },
    ...{ bank: 'first', url: 'https://pay.power.example/', secret, ...change },
  })

let billersFolder: string
beforeEach(() => {
  billersFolder = mkdtempSync(join(tmpdir(), 'telepurse-billers-'))
})
afterEach(() => rmSync(billersFolder, { recursive: true, force: true }))

const put = (name: string, content: string, mode = 0o600) => {
  writeFileSync(join(billersFolder, name), content)
  chmodSync(join(billersFolder, name), mode)
}

test('each file is a biller; without the folder there is none', () => {
  put('power.json', text())
  put('water.json', text({ code: 'water', kind: 'water' }))
  put('notes.txt', 'not ours', 0o644)
  const all = readBillers({ billersFolder })
  expect(all.map(({ facts, url }) => [facts.code, url])).toEqual([
    ['power', 'https://pay.power.example'],
    ['water', 'https://pay.power.example'],
  ])
  expect(all[0]?.facts.account.pattern.test('0012345678')).toBe(true)
  expect(all[0]?.facts.account.pattern.test('00123456789')).toBe(false)
  expect(readBillers({ billersFolder: null })).toEqual([])
})

test.each([0o640, 0o604, 0o660])('a secret that others may read (%s) is refused', (mode) => {
  put('power.json', text(), mode)
  expect(() => readBillers({ billersFolder })).toThrow('can be read by others')
})

test('what is wrong is named with its file and place, and the secret is not', () => {
  put('power.json', text({ kind: 'coal' }))
  expect(() => readBillers({ billersFolder })).toThrow(/power\.json: kind must be one of/)
  put('power.json', `{${secret}`)
  expect(() => readBillers({ billersFolder })).toThrow(/power\.json: the file is not JSON$/)
  put('power.json', text())
  put('twice.json', text())
  expect(() => readBillers({ billersFolder })).toThrow('two billers of one code')
})
