import { minuteMs } from '@fidelio/core/time.ts'
import type { DemoState } from '@fidelio/server/demo-messages.ts'
import { echoesDue, react, type Sent } from './campaign.ts'
import { DeliveryRefused, pause, post } from './wire.ts'
import { addPerson, converse, takeUntil, type World } from './world.ts'

const tickMs = 1500
/** Live people write this often per business and minute, so that the screens move while somebody watches. */
const conversationsPerMinute = 1.6
/** Answers of a living team come quickly enough to be seen: the history keeps each business's true rhythm. */
const answerMinutesWhileWatched = 1.5

/**
 * The sandbox after the history: the same people go on writing, reading, ordering and answering campaigns, in real time.
 * Resolves when it is stopped, or when the last demo business was removed.
 */
export async function live(
  baseUrl: string,
  stage: { world: World; business: DemoState['businesses'][number] }[],
  takeSent: (slug: string) => Sent[],
  stopped: () => boolean,
): Promise<void> {
  for (const { world } of stage)
    world.profile = {
      ...world.profile,
      answerMinutes: answerMinutesWhileWatched,
      answerSpread: 0.7,
      hours: aroundTheClock,
    }
  let here = stage
  while (!stopped() && here.length > 0) {
    const gone = new Set<string>()
    for (const { world, business } of here) {
      try {
        await liveMoment(baseUrl, world, business, takeSent(business.slug))
      } catch (error) {
        if (!(error instanceof DeliveryRefused) || (error.status !== 401 && error.status !== 404)) throw error
        gone.add(business.slug)
      }
    }
    here = here.filter(({ business }) => !gone.has(business.slug))
    await pause(tickMs)
  }
}

async function liveMoment(
  baseUrl: string,
  world: World,
  business: DemoState['businesses'][number],
  sent: Sent[],
): Promise<void> {
  const now = Date.now()
  if (world.random.chance((conversationsPerMinute * tickMs) / minuteMs)) {
    const known = world.people.filter((p) => now - p.lastTalkAt > 10 * minuteMs)
    const person = world.random.chance(0.3) || known.length === 0 ? addPerson(world, now) : world.random.pick(known)
    converse(world, person, now)
  }
  if (sent.length > 0) await react(baseUrl, world, business.wiring, sent, now)
  await echoesDue(baseUrl, world, business.wiring, now, now)
  const due = takeUntil(world, now)
  if (due.length > 0) await post(baseUrl, world, business.wiring, due, now)
}

const aroundTheClock = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((day) => [day, [[0, 1440] as [number, number]]]))
