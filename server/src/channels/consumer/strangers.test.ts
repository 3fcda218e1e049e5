/**
 * What is one customer's is nothing to another, nor to whoever has the number next: each route that names a thing,
 * from the server's own table, answers them as if there were none, and lists hold nothing of it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthenticator } from '../../../../test/authenticator.ts'
import { givePoints, offerReward } from '../../../../test/points/given.ts'
import { bodiesOf } from '../../../../test/security/requests.ts'
import { type Route, recordRoutes, routesOf } from '../../../../test/security/routes.ts'
import { fingerprints } from '../../../../test/security/stage.ts'
import {
  type ConsumerStage,
  type Device,
  openConsumerStage,
  pin,
  usualOrigin,
} from '../../../test/consumer-stage.ts'
import { changeStatus } from '../../subscribers/index.ts'

const nameOf = ({ method, path }: Route) => `${method} ${path}`
const names = /:\w+/
const missing = '01890000-0000-7000-8000-000000000001'
const quarantineMs = 90 * 86_400_000

/** Payments are not on this stage: theirs is in test/cards. */
const elsewhere = ['payments']
/** Whoever has the link of a packet hears whom it is not for. */
const said = ['POST /consumer/packets/:id/open']

let stage: ConsumerStage
let routes: readonly Route[]
let anna: { readonly msisdn: string; readonly device: Device }
let things: ReadonlyMap<string, string>
let url: string

beforeAll(async () => {
  const { value, table } = await recordRoutes(() => openConsumerStage())
  stage = value
  routes = routesOf(
    stage.app,
    table.filter(({ path }) => path.startsWith('/consumer/')),
  )
  const { msisdn, walletId } = await stage.newCustomer(300_00n)
  anna = { msisdn, device: await stage.signIn(msisdn) }
  things = await thingsOf({ msisdn, walletId })
  url = await stage.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => stage?.close())

const signed = (more: object) => ({ pin, key: stage.newKey(), ...more })

/** By the folder of their routes, one of each, and a friend who has a part in them. */
async function thingsOf(one: { readonly msisdn: string; readonly walletId: string }) {
  const { device } = anna
  const ben = (await stage.newCustomer(10_00n)).msisdn
  const friend = await stage.signIn(ben)
  const number = ben.slice(3)
  const make = async (path: string, body: object, by = device) => {
    const { status, body: made } = await by.post(path, signedAs(path, body))
    expect([path, status]).toEqual([path, 201])
    return made.id as string
  }
  await givePoints(stage, one, 90n)
  const { id: rewardId } = await offerReward(stage, 60n, 3n)
  const power = { biller: 'power', account: '0012345678' }
  const billId = await make('/bills/inquiries', power)
  await make('/bills/payments', { billId })
  const kept = await device.post('/bills/accounts', { ...power, label: '家' })
  const own = { people: [one.msisdn.slice(3)], how: { mode: 'each', amount: '100' } }
  const made = {
    'bills/accounts': kept.body.id,
    bills: billId,
    cards: await stage.bindCredit(one.msisdn),
    mandates: await make('/mandates', {
      ...{ to: number, every: 'month', cap: '3000', startsOn: '2026-09-12' },
    }),
    packets: await make('/packets', { kind: 'fixed', amount: '100', count: 1, onlyFor: number }),
    passkeys: await passkeyOf(device),
    'points/redemptions': await make('/points/redemptions', { rewardId }),
    requests: await make('/requests', { from: one.msisdn.slice(3), amount: '100' }, friend),
    sessions: (await device.get('/sessions')).body.items[0].id,
    splits: await make('/splits', { title: '火锅', ...own }, friend),
    transfers: await make('/transfers', { to: number, amount: '700', arrival: '24h' }),
  }
  const lines = (await device.get('/lines')).body.items
  const [movement] = (await device.get('/movements')).body.items
  return new Map(Object.entries({ ...made, receipts: lines[0].id, movements: movement.id }))
}

async function passkeyOf(device: Device): Promise<string> {
  const { body: making } = await device.post('/passkeys/options', signed({}))
  const response = createAuthenticator(usualOrigin).create(making.options)
  return (await device.post('/passkeys', { id: making.id, response })).body.id
}

/** What moves nothing of one's own takes no PIN. */
const signedAs = (path: string, body: object) => {
  const { pin: digits, key } = signed({}) as { pin: string; key: string }
  if (path === '/bills/inquiries') return body
  return /requests|splits|redemptions/.test(path) ? { ...body, key } : { ...body, pin: digits, key }
}

const folderOf = ({ path }: Route) => path.slice('/consumer/'.length).split('/:')[0] ?? ''
const naming = () =>
  routes.filter((route) => names.test(route.path) && !elsewhere.includes(folderOf(route)))

async function ask(route: Route, device: Device, id: string) {
  // With the PIN wherever one may be given: without it many would be refused before they look.
  const bodies = bodiesOf(route, 8)
  const fitting = bodies.find((one) => one && 'pin' in one) ?? bodies[0]
  const isSigned = fitting && 'pin' in fitting
  const key = fitting && 'key' in fitting ? { key: stage.newKey() } : {}
  const body = fitting && { ...fitting, ...(isSigned && { pin }), ...key }
  const path = route.path.slice('/consumer'.length).replace(names, id)
  const { status, body: told } = await device.send(route.method, path, { body })
  return [status, JSON.stringify(told ?? null).replaceAll(id, 'ID')] as const
}

/** Routes that tell this device of a thing more than of nothing. */
async function telling(device: Device): Promise<string[]> {
  const wrong: string[] = []
  for (const route of naming().filter((one) => !said.includes(nameOf(one)))) {
    const found = await ask(route, device, things.get(folderOf(route)) ?? '')
    const none = await ask(route, device, missing)
    if (found[0] < 400 || found.join() !== none.join())
      wrong.push(`${nameOf(route)}: ${found.join()}, of nothing ${none.join()}`)
  }
  return wrong
}

/** Lists that hold something for this device. */
async function filled(device: Device): Promise<string[]> {
  const lists = routes.filter(({ method, path }) => method === 'GET' && !names.test(path))
  const found: string[] = []
  for (const { path } of lists.filter(
    (one) => !/events|lines\.|billers|rewards|fee|sessions/.test(one.path),
  )) {
    const { body } = await device.get(path.slice('/consumer'.length))
    if (body?.items?.length > 0) found.push(path.slice('/consumer/'.length))
  }
  return found.toSorted()
}

/** What the line says first of what others have a hand in. */
async function peopleOf({ cookie }: Device): Promise<{ kind: string; id: string }[]> {
  const { body } = await fetch(`${url}/consumer/events`, { headers: { cookie } })
  let heard = ''
  for await (const bytes of body ?? []) {
    heard += Buffer.from(bytes).toString()
    const [, told] = /event: people\ndata: (.*)\n/.exec(heard) ?? []
    if (told !== undefined) return JSON.parse(told)
  }
  throw new Error(`the line ended: ${heard}`)
}

test('every route that names a thing has one here', () => {
  expect(
    naming()
      .filter((route) => !things.has(folderOf(route)))
      .map(nameOf),
  ).toEqual([])
  expect(naming().length).toBeGreaterThan(25)
})

test('its owner sees each of them: the rest would pass if nothing were there', async () => {
  const looks = naming().filter(({ method, path }) => method === 'GET' && path.endsWith(':id'))
  for (const route of looks) {
    const [status] = await ask(route, anna.device, things.get(folderOf(route)) ?? '')
    expect([nameOf(route), status]).toEqual([nameOf(route), 200])
  }
  expect(await filled(anna.device)).toEqual([
    ...['bills', 'bills/accounts', 'cards', 'lines', 'mandates', 'movements', 'packets'],
    ...['passkeys', 'points/lines', 'points/redemptions', 'requests', 'shares', 'transfers'],
  ])
  const people = await peopleOf(anna.device)
  expect(people.map(({ kind }) => kind).toSorted()).toEqual(['request', 'share'])
})

test('another customer is told of none of it, and changes nothing', async () => {
  const eve = await stage.signIn((await stage.newCustomer(100_00n)).msisdn)
  const before = await fingerprints(stage.db, ['wallet_pin'])
  expect(await telling(eve)).toEqual([])
  expect(await fingerprints(stage.db, ['wallet_pin'])).toEqual(before)
  expect(await filled(eve)).toEqual(['cards', 'lines', 'movements'])
})

test('whoever has the number next is told of none of it either', async () => {
  const { db, clock, people, transfers, wallet, signIns, billers, pins } = stage
  const { msisdn } = anna
  await db.transact((tx) =>
    changeStatus(
      tx,
      { msisdn, status: 'closed' },
      {
        now: clock.now(),
        async release(held, number) {
          for (const one of [transfers, billers, wallet, signIns, pins])
            await one.release(held, number)
        },
      },
    ),
  )
  await stage.settle()
  people.owners.delete(msisdn)
  people.cards.clear()
  clock.advance(quarantineMs + 60_000)
  await stage.customer(msisdn)
  await stage.setPin(msisdn)
  const heir = await stage.signIn(msisdn)
  expect(await telling(heir)).toEqual([])
  expect(await filled(heir)).toEqual(['cards'])
  expect(await peopleOf(heir)).toEqual([])
})
