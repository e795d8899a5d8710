import { dayMs, minuteMs, secondMs } from '@fidelio/core/time.ts'
import type { Wiring } from '@fidelio/server/demo-messages.ts'
import { postMeta, postStandard } from './wire.ts'
import { converse, order, type Person, stop, type World } from './world.ts'

/** A message the product sent to a simulated person: through the pretend Graph (Messenger) or the sandbox channel. */
export type Sent = {
  channel: 'messenger' | 'sandbox'
  recipient: string
  text: string
  sendId: string
  messageId: string
  at: number
}

/** Who was written to: `recipient` is a page-scoped id, or the sandbox's name for the same person. */
function personOf(world: World, recipient: string): Person | undefined {
  const psid = recipient.split(':').at(-1)
  return world.people.find((person) => person.psid === psid)
}

/**
 * What people do after a campaign message: it is delivered, most read it, some answer, a few order, hardly anybody stops.
 * Receipts go out as the provider would send them; everything else joins the world's future.
 */
export async function react(
  baseUrl: string,
  world: World,
  wiring: Wiring,
  messages: Sent[],
  clockMs: number,
): Promise<void> {
  const { random, profile } = world
  const pageElements: unknown[] = []
  for (const sent of messages) {
    const person = personOf(world, sent.recipient)
    if (!person) continue
    const delivered = sent.at + random.int(1, 20) * secondMs
    const read = random.chance(0.68) ? delivered + random.logNormal(45, 1.3) * minuteMs : null
    // The sandbox network reports deliveries itself.
    if (sent.channel === 'messenger') pageElements.push(...messengerReceipts(profile.pageId, sent, delivered))
    if (!read || read > sent.at + 3 * dayMs) continue
    world.echoes.push({ at: Math.floor(read), sent, what: 'read' })
    if (random.chance(0.09)) reply(world, person, sent, Math.floor(read) + random.int(1, 30) * minuteMs)
    if (random.chance(profile.campaignOrders)) order(world, person, read + random.logNormal(600, 1) * minuteMs)
    if (random.chance(0.012)) stop(world, person, read + random.int(1, 20) * minuteMs)
  }
  if (pageElements.length > 0) {
    const body = JSON.stringify({
      object: 'page',
      entry: [{ id: profile.pageId, time: clockMs, messaging: pageElements }],
    })
    await postMeta(baseUrl, wiring.appSecret, body)
  }
}

/** On a Page an answer opens a conversation like any other; on the sandbox it stays there, and a person answers it. */
function reply(world: World, person: Person, sent: Sent, at: number): void {
  if (sent.channel === 'messenger') {
    converse(world, person, at)
    return
  }
  world.echoes.push({ at, sent, what: 'reply' })
  world.echoes.push({ at: at + world.random.int(2, 40) * minuteMs, sent, what: 'answer' })
}

/** Everything that is due now of what comes of campaign messages. */
export async function echoesDue(
  baseUrl: string,
  world: World,
  wiring: Wiring,
  until: number,
  clockMs: number,
): Promise<void> {
  const due = world.echoes.filter((e) => e.at < until)
  world.echoes = world.echoes.filter((e) => e.at >= until)
  const sandboxEvents: unknown[] = []
  const elements: unknown[] = []
  for (const { at, sent, what } of due) {
    if (sent.channel === 'sandbox') sandboxEvents.push(sandboxEvent(world, sent, at, what))
    else
      elements.push({
        sender: { id: sent.recipient },
        recipient: { id: world.profile.pageId },
        timestamp: at,
        read: { watermark: at },
      })
  }
  if (elements.length > 0) {
    const body = JSON.stringify({
      object: 'page',
      entry: [{ id: world.profile.pageId, time: clockMs, messaging: elements }],
    })
    await postMeta(baseUrl, wiring.appSecret, body)
  }
  await postEvents(baseUrl, wiring, sandboxEvents, clockMs)
}

function messengerReceipts(pageId: string, sent: Sent, delivered: number): unknown[] {
  const page = { id: pageId }
  const customer = { id: sent.recipient }
  return [
    {
      sender: page,
      recipient: customer,
      timestamp: sent.at,
      message: { mid: sent.messageId, text: sent.text, is_echo: true, app_id: 900, metadata: `send:${sent.sendId}` },
    },
    { sender: customer, recipient: page, delivery: { mids: [sent.messageId], watermark: delivered } },
  ]
}

function sandboxEvent(world: World, sent: Sent, at: number, what: 'read' | 'reply' | 'answer') {
  const { messageId, sendId } = sent
  const shape = {
    read: { type: 'message.read', data: { messageId, sendId } },
    reply: { type: 'message.received', data: { text: world.random.pick(world.profile.followUps) } },
    answer: { type: 'message.sent', data: { role: 'human', text: world.random.pick(world.profile.answers) } },
  }[what]
  return {
    id: `${what}-${messageId}`,
    timestamp: new Date(at).toISOString(),
    contact: { externalId: sent.recipient },
    ...shape,
  }
}

async function postEvents(baseUrl: string, wiring: Wiring, events: unknown[], clockMs: number): Promise<void> {
  for (let i = 0; i < events.length; i += 500) {
    await postStandard(
      baseUrl,
      'sandbox',
      wiring.sandbox,
      JSON.stringify({ events: events.slice(i, i + 500) }),
      clockMs,
    )
  }
}
