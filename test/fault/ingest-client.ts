/**
 * The provider's side: sends every event one or more times, shuffled, sends again what was not acknowledged, and writes
 * down what was. What it wrote down is the claim that the store is held to.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { Agent, request } from 'undici'
import { factsOf, signedBody, type World } from './ingest-world.ts'

export type ClientOptions = {
  world: World
  random: () => number
  /** Which events are sent, in order of their first appearance; ends by itself or by `finish`. */
  numbers: Iterator<number>
  /** Each event is delivered 1 … this many times. */
  deliveriesMax: number
  bodyEventsMax: number
  /** Deliveries per second, at most. */
  eventsPerSecond: number
  connections: number
  witness: Witness
  /** Told of every request: whether it was acknowledged, and after how long. */
  answered?(isAcknowledged: boolean, milliseconds: number): void
  /** Where the server listens; waits while it is down. */
  address(): Promise<string>
}

export type Client = {
  /** The highest event number drawn so far. */
  last(): number
  /** Deliveries acknowledged, redeliveries included. */
  acknowledged(): number
  /** Requests that got no answer, or another one than 200. */
  cut(): number
  /** From now on a request without an answer is not repeated: those events may or may not be stored. */
  giveUp(on: boolean): void
  /** No new events; resolves when every delivery is through. */
  finish(): Promise<void>
  /** Resolves when `numbers` has come to its end and every delivery is through. */
  finishWhenSent(): Promise<void>
}

/** How many deliveries wait to be drawn from: the distance over which they are shuffled. */
const waitingMin = 2_000
const comeBackMs = 100

export function startClient(options: ClientOptions): Client {
  const { world, random, witness } = options
  const agent = new Agent({ connections: options.connections, pipelining: 1 })
  const waiting: number[] = []
  let last = 0
  let acknowledged = 0
  let cut = 0
  let finishing = false
  let givingUp = false
  let inFlight = 0
  let nextAt = 0

  function refill(): void {
    while (!finishing && waiting.length < waitingMin) {
      const next = options.numbers.next()
      if (next.done) {
        finishing = true
        return
      }
      last = Math.max(last, next.value)
      const copies = 1 + Math.floor(random() * options.deliveriesMax)
      for (let copy = 0; copy < copies; copy++) waiting.push(next.value)
    }
  }

  function draw(): number[] {
    refill()
    const size = Math.min(waiting.length, 1 + Math.floor(random() * options.bodyEventsMax))
    return Array.from({ length: size }, () => {
      const index = Math.floor(random() * waiting.length)
      const taken = waiting[index] as number
      waiting[index] = waiting[waiting.length - 1] as number
      waiting.pop()
      return taken
    })
  }

  async function pace(events: number): Promise<void> {
    const now = performance.now()
    const at = Math.max(now, nextAt)
    nextAt = at + (events * 1000) / options.eventsPerSecond
    if (at > now) await sleep(at - now)
  }

  async function deliver(numbers: number[]): Promise<void> {
    const started = performance.now()
    const isAcknowledged = await post(numbers)
    options.answered?.(isAcknowledged, performance.now() - started)
    if (isAcknowledged) {
      await witness.write(numbers)
      acknowledged += numbers.length
      return
    }
    cut++
    // A stop word is never given up: its opt-out may be on record before its row, and both runs must know it.
    waiting.push(...numbers.filter((n) => !givingUp || factsOf(world, n) > 1))
  }

  async function post(numbers: number[]): Promise<boolean> {
    const { body, signature } = signedBody(world, numbers)
    const url = `${await options.address()}/webhooks/meta`
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature }
    let status: number
    try {
      const answer = await request(url, { method: 'POST', body, headers, dispatcher: agent })
      status = answer.statusCode
      await answer.body.dump()
    } catch (error) {
      // The connection broke: that is what a kill looks like from outside. Anything else is a defect of this client.
      if (!(error instanceof Error) || !('code' in error)) throw error
      return false
    }
    if (status === 503) await sleep(comeBackMs)
    else if (status !== 200) throw new Error(`The server answered ${status} to a body that is right.`)
    return status === 200
  }

  async function work(): Promise<void> {
    for (;;) {
      const numbers = draw()
      if (numbers.length === 0) {
        if (finishing && inFlight === 0) return
        await sleep(5)
        continue
      }
      inFlight++
      await options.address()
      await pace(numbers.length)
      await deliver(numbers)
      inFlight--
    }
  }

  async function finishWhenSent(): Promise<void> {
    await working
    await agent.close()
  }

  const working = Promise.all(Array.from({ length: options.connections }, work))
  // Whoever awaits `finish` hears of a failure; until then it must not end the process.
  working.catch(() => {})
  return {
    last: () => last,
    acknowledged: () => acknowledged,
    cut: () => cut,
    giveUp(on) {
      givingUp = on
    },
    finish() {
      finishing = true
      return finishWhenSent()
    },
    finishWhenSent,
  }
}

export type Witness = {
  /** Resolves when the line is on the disk. */
  write(numbers: readonly number[]): Promise<void>
  close(): Promise<void>
}

/** One line per acknowledged request. Lines of requests that are answered together share one fsync. */
export async function openWitness(file: string): Promise<Witness> {
  const handle = await open(file, 'a')
  let lines: string[] = []
  let round: Promise<void> | null = null
  let nextRound: Promise<void> | null = null

  async function flush(): Promise<void> {
    const text = lines.join('')
    lines = []
    await appendDurably(handle, text)
  }

  return {
    write(numbers) {
      lines.push(`${numbers.join(' ')}\n`)
      nextRound ??= (round ?? Promise.resolve()).then(() => {
        round = nextRound
        nextRound = null
        return flush()
      })
      return nextRound
    },
    close: () => handle.close(),
  }
}

async function appendDurably(handle: FileHandle, text: string): Promise<void> {
  await handle.appendFile(text)
  await handle.datasync()
}

/** Byte n is 1 when the witness saw event n acknowledged. */
export async function readWitness(file: string, last: number): Promise<Uint8Array> {
  const seen = new Uint8Array(last + 1)
  for (const number of (await readFile(file, 'utf8')).split(/\s+/)) if (number !== '') seen[Number(number)] = 1
  return seen
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
