import { silentLog } from '@fidelio/db/log.ts'
import { expect, test } from 'vitest'
import { type Batch, createBatcher } from './batcher.ts'
import { defaultLimits, type IngestLimits } from './limits.ts'
import { createFigures } from './metrics.ts'

/** A store whose inserts end when the test says so. */
function createStore() {
  const inserted: (Batch & { end(error?: Error): void })[] = []
  const kept: Batch[] = []
  return {
    inserted,
    kept,
    insert: (batch: Batch) =>
      new Promise<void>((resolve, reject) => {
        inserted.push({ ...batch, end: (error) => (error ? reject(error) : resolve()) })
      }),
    keep: async (batch: Batch) => {
      kept.push(batch)
    },
  }
}

function open(limits: Partial<IngestLimits> = {}) {
  const store = createStore()
  const given = { ...defaultLimits, batchWaitMs: 1, batchPauseMs: 0, batchPauseMsMax: 0, ...limits }
  const batcher = createBatcher({ ...store, limits: given, metrics: createFigures(), log: silentLog })
  return { store, batcher }
}

test('one insert at a time; what arrives meanwhile travels together in the next one', async () => {
  const { store, batcher } = open()
  const first = batcher.add('[1]\n', 1)
  await expect.poll(() => store.inserted.length).toBe(1)
  const [second, third] = [batcher.add('[2]\n', 1), batcher.add('[3]\n[4]\n', 2)]
  expect(store.inserted).toHaveLength(1)
  store.inserted[0]?.end()
  await first
  await expect.poll(() => store.inserted.length).toBe(2)
  expect(store.inserted[1]).toMatchObject({ rows: '[2]\n[3]\n[4]\n', count: 3 })
  store.inserted[1]?.end()
  await Promise.all([second, third])
  expect(batcher.bufferedRows).toBe(0)
})

test('the next insert waits as long as the last one took, within its bound, and not at all for enough rows', async () => {
  const { store, batcher } = open({ batchPauseMsMax: 40, batchEagerRows: 3 })
  const first = batcher.add('[1]\n', 1)
  await expect.poll(() => store.inserted.length).toBe(1)
  const second = batcher.add('[2]\n', 1)
  await new Promise((wake) => setTimeout(wake, 60))
  store.inserted[0]?.end()
  await first
  const paused = performance.now()
  await expect.poll(() => store.inserted.length, { interval: 1 }).toBe(2)
  expect(performance.now() - paused).toBeGreaterThan(35)
  const third = batcher.add('[3]\n', 1)
  await new Promise((wake) => setTimeout(wake, 60))
  store.inserted[1]?.end()
  await second
  await new Promise((wake) => setImmediate(wake))
  const fourth = batcher.add('[4]\n[5]\n', 2)
  expect(store.inserted).toHaveLength(3)
  store.inserted[2]?.end()
  await Promise.all([third, fourth])
})

test('nobody is answered before the insert has ended', async () => {
  const { store, batcher } = open()
  let answered = false
  const stored = batcher.add('[1]\n', 1)?.then(() => {
    answered = true
  })
  await expect.poll(() => store.inserted.length).toBe(1)
  expect(answered).toBe(false)
  store.inserted[0]?.end()
  await stored
  expect(answered).toBe(true)
})

test('an insert without an answer in time: the same bytes and token go to the inbox, and later batches do not wait for it', async () => {
  const { store, batcher } = open({ insertSecondsMax: 0.05 })
  await batcher.add('[1]\n', 1)
  const [hanging] = store.inserted
  expect(store.kept).toMatchObject([{ token: hanging?.token, rows: '[1]\n' }])
  await batcher.add('[2]\n', 1)
  expect(store.inserted).toHaveLength(1)
  expect(store.kept).toHaveLength(2)
  hanging?.end()
  await expect.poll(() => batcher.detour).toBe(false)
  const third = batcher.add('[3]\n', 1)
  await expect.poll(() => store.inserted.length).toBe(2)
  store.inserted[1]?.end()
  await third
  expect(store.kept).toHaveLength(2)
})

test('after a refusal the inbox takes batches directly for a while; an unreadable row causes no detour', async () => {
  const { store, batcher } = open({ detourMs: 60_000 })
  const unreadable = batcher.add('[x]\n', 1)
  await expect.poll(() => store.inserted.length).toBe(1)
  store.inserted[0]?.end(Object.assign(new Error('cannot parse'), { code: '27' }))
  await unreadable
  expect(batcher.detour).toBe(false)
  const refused = batcher.add('[1]\n', 1)
  await expect.poll(() => store.inserted.length).toBe(2)
  store.inserted[1]?.end(new Error('away'))
  await refused
  await batcher.add('[2]\n', 1)
  expect(store.inserted).toHaveLength(2)
  expect(store.kept.map((batch) => batch.rows)).toEqual(['[x]\n', '[1]\n', '[2]\n'])
})

test('a batch is cut at its limit, and the buffer at its own, also by size', async () => {
  const { store, batcher } = open({ batchRowsMax: 2, bufferRowsMax: 5, bufferCharsMax: 20 })
  const added = ['[1]\n', '[2]\n', '[3]\n', '[4]\n'].map((row) => batcher.add(row, 1))
  expect(store.inserted[0]).toMatchObject({ rows: '[1]\n[2]\n' })
  expect(batcher.add('[5]\n[6]\n', 2)).toBeNull()
  expect(batcher.add('["too many characters"]\n', 1)).toBeNull()
  for (const turn of [0, 1]) {
    await expect.poll(() => store.inserted.length).toBe(turn + 1)
    store.inserted[turn]?.end()
  }
  await Promise.all(added)
  // Alone, a request of any size is let in: otherwise it could never be stored.
  const large = batcher.add('["too many characters"]\n', 7)
  await expect.poll(() => store.inserted.length).toBe(3)
  store.inserted[2]?.end()
  await large
})

test('disposal writes what still waits', async () => {
  const { store, batcher } = open({ batchWaitMs: 60_000 })
  const stored = batcher.add('[1]\n', 1)
  const disposed = batcher[Symbol.asyncDispose]()
  store.inserted[0]?.end()
  await Promise.all([stored, disposed])
  expect(store.inserted).toHaveLength(1)
})
