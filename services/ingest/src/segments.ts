/**
 * The journal's files. A segment is a file of records, each a line `<bytes> <crc32> <rows>` and then that many bytes of
 * insert text. Its name is a UUID that orders by time and is also the token of its one insert.
 */
import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { systemClock } from '@fidelio/core/time.ts'

/** Rows that travel in one insert, in memory and in a file until a store has them. */
export type Segment = {
  token: string
  path: string
  /** Rows as insert text, in the order in which they were acknowledged. */
  texts: string[]
  count: number
  chars: number
  /** When it was begun, Unix milliseconds: nothing in it was acknowledged before. */
  since: number
  /** Open for appending; null once closed, and for what an earlier process left. */
  file: FileHandle | null
}

const suffix = '.rows'
const nameShape = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.rows$/
const headerShape = /^(\d{1,12}) ([0-9a-f]{8}) (\d{1,9})$/
const headerBytesMax = 32

export async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await syncDirectory(join(directory, '..'))
}

/** A new empty file. Its name is durable when this resolves, so that whatever is synced into it will be found. */
export async function createSegment(directory: string): Promise<Segment> {
  const since = systemClock.now().getTime()
  const token = timeOrderedUuid(since)
  const path = join(directory, `${token}${suffix}`)
  const file = await open(path, 'ax', 0o600)
  try {
    await syncDirectory(directory)
  } catch (error) {
    await file.close()
    throw error
  }
  return { token, path, texts: [], count: 0, chars: 0, since, file }
}

/** Resolves when the record is on disk. After a rejection the end of the file is unknown: nothing may follow it. */
export async function appendRecord(file: FileHandle, rows: string, count: number): Promise<void> {
  const body = Buffer.from(rows)
  const header = Buffer.from(`${body.length} ${crc32(body).toString(16).padStart(8, '0')} ${count}\n`)
  await file.appendFile(Buffer.concat([header, body]))
  await file.datasync()
}

/** What earlier processes left, oldest first; torn ends are left out, for nobody was told that they are stored. */
export async function readSegments(directory: string): Promise<Segment[]> {
  const names = (await readdir(directory)).filter((name) => nameShape.test(name)).sort()
  const segments: Segment[] = []
  for (const name of names) {
    const path = join(directory, name)
    const records = readRecords(await readFile(path))
    const token = name.slice(0, -suffix.length)
    const since = Number.parseInt(token.slice(0, 8) + token.slice(9, 13), 16)
    segments.push({ token, path, since, file: null, ...records })
  }
  return segments
}

/** Records in order up to the first that is incomplete or does not have its checksum. */
function readRecords(bytes: Buffer): Pick<Segment, 'texts' | 'count' | 'chars'> {
  const records = { texts: [] as string[], count: 0, chars: 0 }
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf(10, at)
    if (lineEnd < 0 || lineEnd - at > headerBytesMax) break
    const header = headerShape.exec(bytes.toString('latin1', at, lineEnd))
    if (!header) break
    const body = bytes.subarray(lineEnd + 1, lineEnd + 1 + Number(header[1]))
    if (body.length < Number(header[1]) || crc32(body) !== Number.parseInt(header[2] ?? '', 16)) break
    const text = body.toString('utf8')
    records.texts.push(text)
    records.count += Number(header[3])
    records.chars += text.length
    at = lineEnd + 1 + body.length
  }
  return records
}

export async function closeSegment(segment: Segment): Promise<void> {
  const { file } = segment
  segment.file = null
  await file?.close()
}

/** Durable as well: a segment that came back would be inserted again, also after somebody asked for its rows to go. */
export async function removeSegment(directory: string, segment: Segment): Promise<void> {
  await unlink(segment.path)
  await syncDirectory(directory)
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

let lastMs = 0
let serial = 0

/** Version 7 of RFC 9562; names made within one millisecond are told apart by a counter, so that they keep their order. */
function timeOrderedUuid(atMs: number): string {
  serial = atMs === lastMs ? serial + 1 : 0
  lastMs = atMs
  const time = atMs.toString(16).padStart(12, '0')
  const random = randomBytes(8)
  random[0] = ((random[0] ?? 0) & 0x3f) | 0x80
  const rest = random.toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${(serial & 0xfff).toString(16).padStart(3, '0')}-${rest.slice(0, 4)}-${rest.slice(4)}`
}
