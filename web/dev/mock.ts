// A stand-in for the server while working on the pages. It answers; it does not count, check or remember money.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connect, Plugin } from 'vite'
import type { Checkout, CheckoutState } from '../src/checkout/checkout.ts'
import type { DemoState, Message } from '../src/demo/state.ts'
import { checkoutFixture, inState } from './checkout-fixture.ts'
import { askText, demoFixture } from './demo-fixture.ts'

const start = Date.UTC(2026, 10, 23, 6, 32, 8)
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'"

type World = { state: DemoState; checkout: Checkout | null; listeners: Set<() => void> }

export function mockServer(): Plugin {
  const world: World = { state: demoFixture(start, false), checkout: null, listeners: new Set() }
  const middleware: Connect.NextHandleFunction = (request, response, next) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/' || pathname === '/demo') {
      world.state = demoFixture(start, searchParams.has('empty'))
      request.url = '/demo.html'
    }
    if (pathname.startsWith('/pay/')) request.url = '/checkout.html'
    if (request.method === 'POST') return void post(world, pathname, request, response)
    if (pathname === '/demo/state') return json(response, world.state)
    if (pathname === '/demo/stream') {
      return stream(world, response, 'state', () => world.state)
    }
    const checkout = /^\/checkout\/([\w-]+)(\/stream)?$/.exec(pathname)
    if (checkout) return answerCheckout(world, response, checkout[1] ?? '', Boolean(checkout[2]))
    next()
  }
  return {
    name: 'telepurse-mock',
    apply: 'serve',
    configureServer: (server) => void server.middlewares.use(middleware),
    configurePreviewServer: (server) => {
      server.middlewares.use((_request, response, next) => {
        response.setHeader('content-security-policy', policy)
        next()
      })
      server.middlewares.use(middleware)
    },
  }
}

function json(response: ServerResponse, body: object, status = 200): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
}

function stream(
  { listeners }: World,
  response: ServerResponse,
  event: string,
  read: () => object,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const send = () => response.write(`event: ${event}\ndata: ${JSON.stringify(read())}\n\n`)
  send()
  listeners.add(send)
  response.on('close', () => listeners.delete(send))
}

function answerCheckout(world: World, response: ServerResponse, id: string, live: boolean): void {
  const read = () => (world.checkout?.id === id ? world.checkout : checkoutFixture(id, start))
  const checkout = read()
  if (!checkout) return json(response, { title: 'No such checkout', status: 404 }, 404)
  if (live) return stream(world, response, 'checkout', () => read() ?? checkout)
  json(response, checkout)
}

function tell({ listeners }: World): void {
  for (const send of listeners) send()
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text ? JSON.parse(text) : {}
}

async function post(
  world: World,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request)
  const handset = /^\/simulator\/handsets\/(\d+)\/messages$/.exec(path)
  const checkout = /^\/checkout\/([\w-]+)\/([\w-]+)$/.exec(path)
  if (handset) text(world, handset[1] ?? '', String(body.to), String(body.text))
  else if (checkout) payer(world, checkout[1] ?? '', checkout[2] ?? '', body.source)
  else if (path === '/demo/network') world.state.network = { ...world.state.network, ...body }
  else if (path === '/demo/reset') world.state = demoFixture(start, true)
  else if (path === '/demo/shop') return json(response, { url: '/pay/live' })
  else if (path === '/simulator/clock') clock(world, body)
  else {
    const problem = { title: 'Not in the stand-in', detail: '这个动作要连上真的服务才有。' }
    return json(response, problem, 501)
  }
  json(response, {})
  tell(world)
}

function clock({ state }: World, { advance, paused }: Record<string, unknown>): void {
  if (typeof paused === 'boolean') state.paused = paused
  if (typeof advance === 'string') state.now += advance === 'P1D' ? 86_400_000 : 3_600_000
}

function text(world: World, msisdn: string, to: string, said: string): void {
  const line = world.state.lines.find((candidate) => candidate.msisdn === msisdn)
  if (!line) return
  const add = (part: Pick<Message, 'direction' | 'peer' | 'text'>) => {
    world.state.now += 1_000
    const id = `x${line.messages.length}`
    line.messages = [...line.messages, { id, at: world.state.now, ...part }]
  }
  add({ direction: 'sent', peer: to, text: said })
  setTimeout(() => {
    if (/^\d{3}$/.test(said)) {
      const ask = askText(`点卡 ${said.slice(0, 2)} 元`, `${said.slice(0, 2)}.00`)
      add({ direction: 'received', peer: `${to}907`, text: ask })
    } else {
      const reply =
        said === 'Y'
          ? '已付30.00元：星游 点卡，单号SG1。'
          : '无法识别。购买请发商品代码，如300。未扣费。'
      add({ direction: 'received', peer: to, text: reply })
    }
    tell(world)
  }, 700)
}

function payer(world: World, id: string, action: string, chosen: unknown): void {
  const source = chosen === 'card' ? 'card' : (world.checkout?.source ?? 'phone_bill')
  const stateAs = (state: CheckoutState) => inState(state, { id, now: start, source })
  const show = (checkout: Checkout) => {
    world.checkout = checkout
    tell(world)
  }
  if (action === 'cancel') return show(stateAs('cancelled'))
  if (action === 'change-number')
    return show(inState('enter', { id, now: start, source: 'phone_bill' }))
  show(stateAs('waiting'))
  if (action !== 'number') return
  setTimeout(() => show(stateAs('processing')), 5_000)
  setTimeout(() => show(stateAs('paid')), 7_000)
}
