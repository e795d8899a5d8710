import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@fidelio/db/log.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Batch } from './batcher.ts'
import { JournalFull, openJournal } from './journal.ts'
import { defaultLimits, type IngestLimits } from './limits.ts'
import { createFigures } from './metrics.ts'
import { appendRecord, createSegment, makeDirectory } from './segments.ts'

let home: string
let directory: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'fidelio-journal-'))
  directory = join(home, 'journal')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const row = (name: string): Batch => ({ token: `batch-${name}`, rows: `["${name}"]\n`, count: 1 })
const files = () => readdir(directory)
const pathOf = async (index = 0) => join(directory, (await files()).sort()[index] ?? '')

/** Two stores that take everything unless the test says otherwise. */
function createStores() {
  const inserted: Batch[] = []
  const kept: Batch[] = []
  return {
    inserted,
    kept,
    inserting: async (_batch: Batch): Promise<void> => {},
    keeping: async (_batch: Batch): Promise<void> => {},
    rows: () => inserted.map(({ rows }) => rows).join(''),
  }
}
type Stores = ReturnType<typeof createStores>

function open(stores: Stores, limits: Partial<IngestLimits> = {}) {
  const metrics = createFigures()
  const journal = openJournal({
    directory,
    async insert(batch) {
      await stores.inserting(batch)
      stores.inserted.push(batch)
    },
    async keep(batch) {
      await stores.keeping(batch)
      stores.kept.push(batch)
    },
    limits: { ...defaultLimits, detourMs: 0, journalRestMs: 1, journalRestMsMax: 5, ...limits },
    log: silentLog,
    metrics,
  })
  return Object.assign(journal, { figures: metrics.figures })
}

const refuse = () => Promise.reject(new Error('refused'))
const never = () => new Promise<void>(() => {})

/** Leaves one segment with these rows, as a process that was killed before its insert would. Returns its path. */
async function leaveBehind(...names: string[]): Promise<string> {
  await makeDirectory(directory)
  const { file, path } = await createSegment(directory)
  if (!file) throw new Error('a new segment is open')
  for (const name of names) await appendRecord(file, row(name).rows, 1)
  await file.close()
  return path
}

test('a row is in a synced private file before anybody is answered, then in the store, and the file is gone', async () => {
  const stores = createStores()
  let seen = ''
  stores.inserting = async () => {
    seen = await readFile(await pathOf(), 'utf8')
    expect((await stat(await pathOf())).mode & 0o777).toBe(0o600)
  }
  await using journal = open(stores)
  await journal.append(row('a'))
  expect(journal.pendingRows).toBe(1)
  expect(journal.pendingSince).toBeLessThanOrEqual(Date.now())
  await expect.poll(() => stores.rows()).toBe('["a"]\n')
  expect(seen).toMatch(/^6 [0-9a-f]{8} 1\n\["a"\]\n$/)
  await expect.poll(files).toEqual([])
  expect(journal.pendingRows).toBe(0)
  expect(journal.pendingSince).toBeNull()
})

test('appends at once keep their order, and what comes during an insert and its rest travels in one insert', async () => {
  const stores = createStores()
  let end = () => {}
  stores.inserting = () => new Promise((resolve) => (end = resolve))
  await using journal = open(stores)
  await journal.append(row('first'))
  await expect.poll(() => journal.pendingRows).toBe(1)
  const names = Array.from({ length: 200 }, (_, index) => String(index))
  await new Promise((wake) => setTimeout(wake, 20))
  await Promise.all(names.map((name) => journal.append(row(name))))
  stores.inserting = async () => {}
  end()
  await journal.flush()
  expect(stores.inserted.map(({ count }) => count)).toEqual([1, 200])
  expect(stores.rows()).toBe(['first', ...names].map((name) => row(name).rows).join(''))
  expect(new Set(stores.inserted.map(({ token }) => token)).size).toBe(2)
  expect(journal.figures.counted.segments).toBe(2)
})

test('the writer rests between inserts, and a segment that is large enough does not wait for it', async () => {
  const stores = createStores()
  await using journal = open(stores, { journalRestMs: 60_000, journalRestMsMax: 60_000, journalSegmentRowsMax: 3 })
  await journal.append(row('a'))
  await expect.poll(() => stores.inserted.length).toBe(1)
  await Promise.all([journal.append(row('b')), journal.append(row('c'))])
  await new Promise((wake) => setTimeout(wake, 50))
  expect(stores.inserted).toHaveLength(1)
  await journal.append(row('d'))
  await expect.poll(() => stores.inserted.length).toBe(2)
  expect(stores.inserted[1]?.count).toBe(3)
})

test('what a killed process left is inserted before the first append, oldest first, under the name of its file', async () => {
  await leaveBehind('é1', 'b')
  await leaveBehind('c')
  await leaveBehind('d')
  const left = (await files()).sort()
  const stores = createStores()
  await using journal = open(stores)
  await journal.append(row('new'))
  expect(stores.rows()).toBe('["é1"]\n["b"]\n["c"]\n["d"]\n')
  expect(stores.inserted.map(({ token }) => `${token}.rows`)).toEqual(left)
  await journal.flush()
  expect(stores.rows()).toContain('["new"]\n')
  expect(await files()).toEqual([])
})

test('killed between the insert and the removal: the same bytes come again under the same token', async () => {
  const [path, stores] = [await leaveBehind('a'), createStores()]
  const bytes = await readFile(path)
  await using first = open(stores)
  await first.opened
  await writeFile(path, bytes)
  await using second = open(stores)
  await second.opened
  expect(stores.inserted).toHaveLength(2)
  expect(stores.inserted[1]).toEqual(stores.inserted[0])
})

test('a torn end is left out at every length, and nothing that was whole before it is lost', async () => {
  const path = await leaveBehind('a', 'b')
  const bytes = await readFile(path)
  const secondAt = bytes.indexOf('["a"]\n') + 6
  for (let length = 0; length <= bytes.length; length++) {
    await writeFile(path, bytes.subarray(0, length))
    const stores = createStores()
    await using journal = open(stores)
    await journal.opened
    const expected = length === bytes.length ? '["a"]\n["b"]\n' : length >= secondAt ? '["a"]\n' : ''
    expect({ length, rows: stores.rows() }).toEqual({ length, rows: expected })
    expect(await files()).toEqual([])
  }
})

test('a flipped byte ends its segment there, wherever it is', async () => {
  const path = await leaveBehind('a', 'b')
  const bytes = await readFile(path)
  const secondAt = bytes.indexOf('["a"]\n') + 6
  for (let at = 0; at < bytes.length; at++) {
    const broken = Buffer.from(bytes)
    broken[at] = (broken[at] ?? 0) ^ 0x80
    await writeFile(path, broken)
    const stores = createStores()
    await using journal = open(stores)
    await journal.opened
    expect({ at, rows: stores.rows() }).toEqual({ at, rows: at < secondAt ? '' : '["a"]\n' })
  }
})

test('what the event store refuses, or does not answer in time, goes to the inbox with the same token and bytes', async () => {
  const stores = createStores()
  stores.inserting = refuse
  await using journal = open(stores, { insertSecondsMax: 0.05 })
  await journal.append(row('refused'))
  await journal.flush()
  expect(stores.kept.map(({ rows }) => rows)).toEqual(['["refused"]\n'])
  let asked: Batch | undefined
  stores.inserting = (batch) => {
    asked = batch
    return never()
  }
  await journal.append(row('unanswered'))
  await journal.flush()
  expect(stores.kept[1]).toEqual(asked)
  // While it hangs nobody waits for it again.
  await journal.append(row('behind'))
  await journal.flush()
  expect(stores.kept).toHaveLength(3)
  expect(journal.figures.counted.segments_to_inbox).toBe(3)
  expect(await files()).toEqual([])
})

test('when neither store takes it the file stays, the end is reached, and a later start stores it', async () => {
  const stores = createStores()
  stores.inserting = refuse
  stores.keeping = refuse
  const journal = open(stores)
  await journal.append(row('a'))
  await expect(journal.flush()).rejects.toThrow('refused')
  await journal[Symbol.asyncDispose]()
  expect(await files()).toHaveLength(1)
  // A start that cannot insert either goes on, and tries again by itself.
  await using later = open(stores)
  await later.opened
  expect(later.pendingRows).toBe(1)
  await later.append(row('b'))
  stores.inserting = async () => {}
  await expect.poll(() => stores.rows(), { timeout: 5000 }).toBe('["a"]\n["b"]\n')
  await expect.poll(files).toEqual([])
})

test('more than the buffer may hold is refused at once, and taken again when there is room', async () => {
  const stores = createStores()
  stores.inserting = refuse
  stores.keeping = refuse
  await using journal = open(stores, { bufferRowsMax: 2 })
  await journal.append(row('a'))
  await journal.append(row('b'))
  await expect(journal.append(row('c'))).rejects.toThrow(JournalFull)
  expect(journal.pendingRows).toBe(2)
  stores.inserting = async () => {}
  await journal.flush()
  await journal.append(row('c'))
  await journal.flush()
  expect(stores.rows()).toBe('["a"]\n["b"]\n["c"]\n')
})

test('one batch larger than the whole buffer is taken when it is alone', async () => {
  const stores = createStores()
  await using journal = open(stores, { bufferRowsMax: 1 })
  await journal.append({ token: 't', rows: '["a"]\n["b"]\n', count: 2 })
  await journal.flush()
  expect(stores.inserted[0]?.count).toBe(2)
})

test('a file system that takes nothing rejects the append; what came before stays, and the next one works again', async () => {
  const stores = createStores()
  stores.inserting = refuse
  stores.keeping = refuse
  await using journal = open(stores)
  await journal.append(row('before'))
  await expect(journal.flush()).rejects.toThrow('refused')
  await rm(directory, { recursive: true })
  await expect(journal.append(row('lost'))).rejects.toThrow('ENOENT')
  expect(journal.pendingRows).toBe(1)
  await writeFile(directory, 'a file where the directory should be')
  await expect(journal.append(row('lost'))).rejects.toThrow('ENOTDIR')
  await rm(directory)
  await open(createStores()).opened
  await journal.append(row('after'))
  stores.inserting = async () => {}
  await journal.flush()
  expect(stores.rows()).toBe('["before"]\n["after"]\n')
})

test('a directory that cannot be made fails the opening and every append, so that callers take the other way', async () => {
  await writeFile(directory, 'not a directory')
  await using journal = open(createStores())
  await expect(journal.opened).rejects.toThrow('EEXIST')
  await expect(journal.append(row('a'))).rejects.toThrow('EEXIST')
})
