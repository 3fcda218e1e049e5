import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CoalescerOptions, createCoalescer } from './coalescer.ts'
import { OutcomeUnknown } from './tx.ts'

const sqlError = (code: string) => Object.assign(new Error(code), { code, severity: 'ERROR' })

/** A lane over a list of what was done; commands are numbers, results their text. */
function lane(options: Partial<CoalescerOptions<number, string>> = {}) {
  const batches: number[][] = []
  const made = createCoalescer<number, string>({
    now: () => 0,
    run: async (commands) => {
      batches.push([...commands])
      return commands.map(String)
    },
    ...options,
  })
  return { ...made, lane: made, batches }
}

/** A `run` that waits until it is let go. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

test('commands of one moment travel in one batch, in order, up to its size', async () => {
  const { lane: made, batches } = lane({ batchMax: 4 })
  const results = await Promise.all([1, 2, 3, 4, 5, 6].map((id) => made.submit(id)))
  expect(results).toEqual(['1', '2', '3', '4', '5', '6'])
  expect(batches).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ])
})

test('what comes while a batch is in flight is the next batch, and only one is in flight', async () => {
  const { open, opened } = gate()
  const batches: number[][] = []
  let inFlight = 0
  const made = createCoalescer<number, number>({
    now: () => 0,
    async run(commands) {
      inFlight += 1
      expect(inFlight).toBe(1)
      batches.push([...commands])
      await opened
      inFlight -= 1
      return commands
    },
  })
  const first = made.submit(1)
  await new Promise((resolve) => setImmediate(resolve))
  const others = [2, 3, 4].map((id) => made.submit(id))
  expect(made.waiting).toBe(3)
  open()
  await Promise.all([first, ...others])
  expect(batches).toEqual([[1], [2, 3, 4]])
})

test('a full queue refuses at once and loses nothing it took', async () => {
  const { lane: made, batches } = lane({ queueMax: 2 })
  const taken = [made.submit(1), made.submit(2)]
  await expect(made.submit(3)).rejects.toMatchObject({ name: 'Overloaded' })
  expect(await Promise.all(taken)).toEqual(['1', '2'])
  expect(batches).toEqual([[1, 2]])
})

test('a command whose time passed in the queue is never run', async () => {
  let at = 100
  const { open, opened } = gate()
  const { lane: made } = lane({
    now: () => at,
    run: async (commands) => {
      await opened
      return commands.map(String)
    },
  })
  const first = made.submit(1, { deadline: 100 })
  await new Promise((resolve) => setImmediate(resolve))
  const late = made.submit(2, { deadline: 150 })
  const patient = made.submit(3)
  const inTime = made.submit(4, { deadline: 151 })
  at = 151
  open()
  await expect(late).rejects.toMatchObject({ name: 'DeadlinePassed' })
  expect(await Promise.all([first, patient, inTime])).toEqual(['1', '3', '4'])
})

test('closing finishes what waits and takes nothing more', async () => {
  const { lane: made } = lane()
  const waiting = made.submit(1)
  const closed = made.close()
  await expect(made.submit(2)).rejects.toMatchObject({ name: 'Overloaded' })
  await closed
  expect(await waiting).toBe('1')
})

describe('a deadline that passes while the batch runs', () => {
  /** Each run takes so long on the clock, and keeps what it would have committed. */
  function slow(...tookMs: number[]) {
    let at = 100
    const begun: number[][] = []
    const committed: number[][] = []
    const made = createCoalescer<number, string>({
      now: () => at,
      async run(commands, mustBeInTime) {
        begun.push([...commands])
        at += tookMs.shift() ?? 0
        mustBeInTime()
        committed.push([...commands])
        return commands.map(String)
      },
    })
    return { made, begun, committed }
  }
  const outcomes = async (answers: readonly Promise<string>[]) =>
    (await Promise.allSettled(answers)).map((one) =>
      one.status === 'fulfilled' ? one.value : (one.reason as Error).name,
    )

  test('rolls the batch back and runs it without the one that came too late', async () => {
    const { made, begun, committed } = slow(50, 1)
    const answers = [
      made.submit(1, { deadline: 149 }),
      made.submit(2),
      made.submit(3, { deadline: 1_000 }),
    ]
    expect(await outcomes(answers)).toEqual(['DeadlinePassed', '2', '3'])
    expect(begun).toEqual([
      [1, 2, 3],
      [2, 3],
    ])
    expect(committed).toEqual([[2, 3]])
  })

  test('also turns away whom the next run would be too long for', async () => {
    const { made, committed } = slow(50, 50)
    const answers = [
      made.submit(1, { deadline: 149 }),
      made.submit(2, { deadline: 199 }),
      made.submit(3, { deadline: 200 }),
    ]
    expect(await outcomes(answers)).toEqual(['DeadlinePassed', 'DeadlinePassed', '3'])
    expect(committed).toEqual([[3]])
  })

  test('is in time at the instant itself', async () => {
    const { made, committed } = slow(50)
    expect(await outcomes([made.submit(1, { deadline: 150 })])).toEqual(['1'])
    expect(committed).toEqual([[1]])
  })

  test('leaves nobody waiting when all are late, and the next batch runs', async () => {
    const { made, committed } = slow(50)
    const answers = [made.submit(1, { deadline: 120 }), made.submit(2, { deadline: 130 })]
    expect(await outcomes(answers)).toEqual(['DeadlinePassed', 'DeadlinePassed'])
    expect(await made.submit(3)).toBe('3')
    expect(committed).toEqual([[3]])
  })

  test('is no longer looked at once a commit may have been done', async () => {
    let at = 100
    let runs = 0
    const made = createCoalescer<number, string>({
      now: () => at,
      async run(commands, mustBeInTime) {
        runs += 1
        mustBeInTime()
        at += 50
        if (runs === 1) throw new OutcomeUnknown('lost in COMMIT')
        return commands.map(String)
      },
    })
    expect(await made.submit(1, { deadline: 120 })).toBe('1')
    expect(runs).toBe(2)
  })
})

test('urgent commands find room in a queue that is full of others, and are run before them', async () => {
  const { open, opened } = gate()
  const { lane: made, batches } = lane({
    queueMax: 10,
    reserved: 0.2,
    batchMax: 5,
    run: async (commands) => {
      batches.push([...commands])
      await opened
      return commands.map(String)
    },
  })
  const first = made.submit(0)
  await new Promise((resolve) => setImmediate(resolve))
  const orders = Array.from({ length: 9 }, (_, i) => made.submit(10 + i))
  const answers = Array.from({ length: 3 }, (_, i) => made.submit(i + 1, { urgent: true }))
  await expect(orders.at(-1)).rejects.toMatchObject({ name: 'Overloaded' })
  await expect(answers.at(-1)).rejects.toMatchObject({ name: 'Overloaded' })
  open()
  await Promise.all([first, ...orders.slice(0, -1), ...answers.slice(0, -1)])
  expect(batches).toEqual([[0], [1, 2, 10, 11, 12], [13, 14, 15, 16, 17]])
  expect(made.waiting).toBe(0)
})

describe('when a batch fails', () => {
  test('only the poison commands fail, the others answer in their order', async () => {
    const ids = fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.func(fc.boolean()),
        fc.integer({ min: 1, max: 9 }),
        async (...of) => {
          const [commands, isPoison, batchMax] = of
          const done: number[] = []
          const made = createCoalescer<number, string>({
            now: () => 0,
            batchMax,
            async run(batch) {
              const poison = batch.find((id) => isPoison(id))
              if (poison !== undefined) throw new Error(`poison ${poison}`)
              done.push(...batch)
              return batch.map(String)
            },
          })
          const settled = await Promise.allSettled(commands.map((id) => made.submit(id)))
          expect(settled).toEqual(
            commands.map((id) =>
              isPoison(id)
                ? { status: 'rejected', reason: new Error(`poison ${id}`) }
                : { status: 'fulfilled', value: String(id) },
            ),
          )
          expect(done).toEqual(commands.filter((id) => !isPoison(id)))
        },
      ),
      { numRuns: 50 },
    )
  })

  /** Fails with these errors, one a run, then works. */
  const failing = (...errors: unknown[]) => {
    const runs: number[][] = []
    const made = lane({
      run: async (commands) => {
        runs.push([...commands])
        const error = errors.shift()
        if (error !== undefined) throw error
        return commands.map(String)
      },
    })
    return { made: made.lane, runs }
  }
  const both = (made: ReturnType<typeof failing>['made']) =>
    Promise.allSettled([made.submit(1), made.submit(2)])
  const fulfilled = [
    { status: 'fulfilled', value: '1' },
    { status: 'fulfilled', value: '2' },
  ]

  test.each(['40001', '40P01', '55P03'])('%s is run again whole', async (code) => {
    const { made, runs } = failing(sqlError(code), sqlError(code))
    expect(await both(made)).toEqual(fulfilled)
    expect(runs).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ])
  })

  test('a lock that stays taken fails the batch with that error, not one by one', async () => {
    const error = sqlError('55P03')
    const { made, runs } = failing(...Array(10).fill(error))
    expect(await both(made)).toEqual([1, 2].map(() => ({ status: 'rejected', reason: error })))
    expect(runs).toEqual(Array(4).fill([1, 2]))
  })

  test('an unknown outcome is run once more', async () => {
    const { made, runs } = failing(new OutcomeUnknown('lost'))
    expect(await both(made)).toEqual(fulfilled)
    expect(runs).toHaveLength(2)
  })

  test('an unknown outcome that cannot be cleared up stays unknown for everyone', async () => {
    const lost = new OutcomeUnknown('lost')
    for (const second of [new OutcomeUnknown('again'), new Error('connect ECONNREFUSED')]) {
      const { made, runs } = failing(lost, second)
      expect(await both(made)).toEqual([1, 2].map(() => ({ status: 'rejected', reason: lost })))
      expect(runs).toHaveLength(2)
    }
  })

  test('an outage fails the batch at once', async () => {
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const { made, runs } = failing(away)
    expect(await both(made)).toEqual([1, 2].map(() => ({ status: 'rejected', reason: away })))
    expect(runs).toHaveLength(1)
  })

  test('results that do not match the commands are nobody’s answer', async () => {
    const { lane: made } = lane({ run: async () => ['only one', 'too', 'many'] })
    const settled = await Promise.allSettled([made.submit(1), made.submit(2)])
    expect(settled.map((one) => one.status)).toEqual(['rejected', 'rejected'])
  })
})
