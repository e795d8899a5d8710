import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { DemoState, FromDemo, ToDemo } from '@fidelio/server/demo-messages.ts'
import { profiles } from './demo/businesses.ts'
import type { Sent } from './demo/campaign.ts'
import { startGraph } from './demo/graph.ts'
import { fillHistory } from './demo/history.ts'
import { live } from './demo/living.ts'
import { createRandom } from './demo/random.ts'
import { createAsk, setUp } from './demo/setup.ts'
import { closeWire } from './demo/wire.ts'
import { createWorld, type World } from './demo/world.ts'

/**
 * The demo's other side: customers, teams, a shop's order webhooks and a pretend Graph, in a process of its own, speaking
 * to the product over HTTP only. The server starts it (services/server/src/demo.ts) and ends it.
 */
if (!process.send) {
  console.error('The simulation is started by the server: run `npm start` (DEMO=1).')
  process.exit(2)
}

const saveSeconds = 30
let stopped = false
const waiting = new Map<number, () => void>()
const sent = new Map<string, Sent[]>()
let callId = 0
let clockMs: number | null = null

const graph = await startGraph(({ pageId, psid, text, sendId, messageId }) => {
  const profile = profiles.find((p) => p.pageId === pageId)
  if (profile)
    remember(profile.slug, {
      channel: 'messenger',
      recipient: psid,
      text,
      sendId,
      messageId,
      at: clockMs ?? Date.now(),
    })
})
tell({ type: 'graph', url: graph.url })

// The channel closes when the server is gone, however it went: nobody is left to talk to.
process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => {}) // Ctrl-C reaches the whole group; the server says when to stop
process.on('message', (message: ToDemo) => {
  if (message.type === 'start') {
    start(message).catch((error: Error) => {
      if (!stopped) tell({ type: 'failed', message: error.stack ?? error.message })
    })
  } else if (message.type === 'done') {
    waiting.get(message.id)?.()
    waiting.delete(message.id)
  } else if (message.type === 'stop') {
    stopped = true
    setTimeout(() => process.exit(0), 300).unref()
  } else {
    const slug = accounts.get(message.accountExternalId)
    if (slug) remember(slug, { channel: 'sandbox', ...message })
  }
})

const accounts = new Map<string, string>()

async function start({
  baseUrl,
  operatorKey,
  state,
  worldFile,
  now,
}: Extract<ToDemo, { type: 'start' }>): Promise<void> {
  const ask = createAsk(baseUrl, operatorKey)
  const ready = state?.filledAt ? state : await fill(baseUrl, ask, now, worldFile)
  const stage = pair(ready, loadPeople(worldFile))
  const saver = setInterval(() => savePeople(worldFile, stage), saveSeconds * 1000)
  await live(baseUrl, stage, takeSent, () => stopped)
  clearInterval(saver)
  savePeople(worldFile, stage)
  await closeWire()
  if (!stopped) tell({ type: 'removed' })
}

async function fill(
  baseUrl: string,
  ask: ReturnType<typeof createAsk>,
  now: number,
  worldFile: string,
): Promise<DemoState> {
  const state = await setUp(ask)
  const stage = pair(state, null)
  const events = await fillHistory(
    {
      baseUrl,
      ask,
      worlds: stage,
      takeSent,
      setClock: (ms) => {
        clockMs = ms
        return call((id) => ({ type: 'clock', id, ms }))
      },
      settle: () => call((id) => ({ type: 'settle', id })),
      progress: (done, total, count) => tell({ type: 'progress', done, total, events: count }),
    },
    now,
  )
  clockMs = null
  savePeople(worldFile, stage)
  const filled = { ...state, filledAt: new Date(now).toISOString() }
  tell({ type: 'filled', state: filled, events })
  return filled
}

type Staged = { world: World; business: DemoState['businesses'][number] }

function pair(state: DemoState, saved: Record<string, SavedWorld> | null): Staged[] {
  return profiles.flatMap((profile, index) => {
    const business = state.businesses.find((b) => b.slug === profile.slug)
    if (!business) return []
    accounts.set(business.wiring.sandbox.account, profile.slug)
    const kept = saved?.[profile.slug]
    const world = createWorld(profile, createRandom(kept ? Date.now() + index : 20_261_122 + index))
    return [{ world: kept ? { ...world, ...kept, counter: kept.counter + 100_000 } : world, business }]
  })
}

type SavedWorld = Pick<World, 'people' | 'pending' | 'echoes' | 'counter'>

function loadPeople(file: string): Record<string, SavedWorld> | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, SavedWorld>) : null
}

/** People survive a restart of the demo; a half-written file never replaces a whole one. */
function savePeople(file: string, stage: Staged[]): void {
  const worlds = stage.map(({ world }) => {
    // Happenings refer to their person; saved, they refer to a copy that is good enough for a simulation.
    const { people, pending, echoes, counter } = world
    return [world.profile.slug, { people, pending, echoes, counter }]
  })
  writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(worlds)), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

function remember(slug: string, message: Sent): void {
  const list = sent.get(slug) ?? []
  list.push(message)
  sent.set(slug, list)
}

function takeSent(slug: string): Sent[] {
  const list = sent.get(slug) ?? []
  sent.delete(slug)
  return list
}

function call(message: (id: number) => FromDemo): Promise<void> {
  callId += 1
  const id = callId
  return new Promise((resolve) => {
    waiting.set(id, resolve)
    tell(message(id))
  })
}

function tell(message: FromDemo): void {
  process.send?.(message)
}
