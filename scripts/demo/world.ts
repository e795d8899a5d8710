import { dayMs, hourMs, localDate, localHourOfWeek, minuteMs, secondMs, startOfLocalDate } from '@fidelio/core/time.ts'
import { firstNames, lastNames, type Profile } from './businesses.ts'
import type { Sent } from './campaign.ts'
import type { Random } from './random.ts'

/** A simulated customer of one business. */
export type Person = {
  psid: string
  name: string
  email: string
  since: number
  lastTalkAt: number
  optedIn: boolean
  stopped: boolean
  orders: number
  boost: number
}

/** What happens at one instant between a person and a business; `wire.ts` turns it into webhook bytes. */
export type Happening = { at: number; person: Person; what: What }
type What =
  | { type: 'message'; mid: string; text: string }
  | { type: 'postback'; mid: string; title: string; payload: string }
  | { type: 'reaction'; mid: string; emoji: string }
  | { type: 'echo'; mid: string; text: string; bot: boolean }
  | { type: 'delivery'; mids: string[]; watermark: number }
  | { type: 'read'; watermark: number }
  | { type: 'referral'; ref: string }
  | { type: 'marketing'; action: 'granted' | 'stopped' }
  | { type: 'profile' }
  | { type: 'grant' }
  | { type: 'revoke' }
  | { type: 'order'; orderId: string; total: string }
  | { type: 'refund'; orderId: string; total: string }
  | { type: 'close' }

/** One business as the simulation sees it: its people, its calendar of things to come. */
export type World = {
  profile: Profile
  random: Random
  people: Person[]
  /** future happenings, unsorted; `takeUntil` empties it in order of time */
  pending: Happening[]
  /** what still comes of campaign messages: they are read, answered, and the answer is answered */
  echoes: { at: number; sent: Sent; what: 'read' | 'reply' | 'answer' }[]
  counter: number
}

export function createWorld(profile: Profile, random: Random): World {
  return { profile, random, people: [], pending: [], echoes: [], counter: 0 }
}

/** Everything that happens before `until`, in order of time. */
export function takeUntil(world: World, until: number): Happening[] {
  const due = world.pending.filter((h) => h.at < until)
  world.pending = world.pending.filter((h) => h.at >= until)
  return due.sort((a, b) => a.at - b.at)
}

/** Lets one local day happen: new people arrive, some who were here come back. */
export function liveDay(world: World, dayStart: number): void {
  const { profile, random } = world
  const { weekday } = localHourOfWeek(dayStart + 12 * hourMs, profile.timeZone)
  const mood = profile.weekday[weekday % 7] ?? 1
  const newcomers = random.poisson(profile.newPeoplePerDay * mood)
  for (let i = 0; i < newcomers; i += 1) {
    const at = momentOfDay(world, dayStart)
    converse(world, addPerson(world, at), at)
  }
  for (const person of world.people) {
    if (person.since >= dayStart) continue
    const quietDays = (dayStart - person.lastTalkAt) / dayMs
    const chance = profile.returnChance * Math.exp(-quietDays / profile.returnFadeDays) * mood * person.boost
    if (random.chance(chance)) converse(world, person, momentOfDay(world, dayStart))
  }
}

export function addPerson(world: World, at: number): Person {
  const { random, profile } = world
  world.counter += 1
  const first = random.pick(firstNames)
  const last = random.pick(lastNames)
  const person: Person = {
    psid: `${profile.pageId.slice(-1)}${String(710_000_000_000 + world.counter * 7919)}`,
    name: `${first} ${last}`,
    email: `${first}.${last}.${world.counter}@example.org`
      .toLowerCase()
      .normalize('NFD')
      .replace(/[^a-z0-9.@]/g, ''),
    since: at,
    lastTalkAt: at,
    optedIn: false,
    stopped: false,
    orders: 0,
    boost: 1,
  }
  world.people.push(person)
  later(world, at - 2 * secondMs, person, { type: 'profile' })
  if (random.chance(0.15))
    later(world, at - secondMs, person, { type: 'referral', ref: random.pick(['insta-bio', 'window', 'newsletter']) })
  return person
}

/** One conversation: a question, a wait, an answer, perhaps more; then an opt-in or an order may follow. */
export function converse(world: World, person: Person, moment: number, openingText?: string): void {
  const { profile, random } = world
  const start = Math.floor(moment)
  let at = start
  person.lastTalkAt = start
  const burst = random.chance(0.3) ? random.int(2, 3) : 1
  for (let i = 0; i < burst; i += 1) {
    const text = i === 0 && openingText ? openingText : random.pick(profile.questions)
    if (i === 0 && !openingText && random.chance(0.06)) {
      later(world, at, person, { type: 'postback', mid: mid(world), title: 'Commencer', payload: 'GET_STARTED' })
    } else later(world, at, person, { type: 'message', mid: mid(world), text })
    if (i < burst - 1) at += random.int(8, 70) * secondMs
  }
  if (random.chance(profile.botGreets))
    say(world, person, start + random.int(2, 6) * secondMs, profile.botGreeting, true)
  if (random.chance(profile.neverAnswered)) {
    // Nobody answers; after some days the team closes the conversation, which makes the wait an abandoned one.
    later(world, start + random.int(20, 90) * hourMs, person, { type: 'close' })
    return
  }
  const rounds = random.chance(0.55) ? random.int(1, 3) : 0
  let answeredAt = answerTime(world, start)
  const waitMinutes = (answeredAt - start) / minuteMs
  // Whoever was answered quickly comes back a little more often: the story the product is there to measure.
  person.boost = waitMinutes < 15 ? 1.15 : waitMinutes > 600 ? 0.85 : 1
  answeredAt = Math.max(answeredAt, at + 5 * secondMs)
  say(world, person, answeredAt, random.pick(profile.answers), false)
  for (let i = 0; i < rounds; i += 1) {
    const reply = Math.floor(answeredAt + random.logNormal(4, 0.8) * minuteMs)
    later(world, reply, person, { type: 'message', mid: mid(world), text: random.pick(profile.followUps) })
    answeredAt = answerTime(world, reply, 0.5)
    say(world, person, answeredAt, random.pick(profile.answers), false)
  }
  afterwards(world, person, answeredAt)
}

function afterwards(world: World, person: Person, at: number): void {
  const { profile, random } = world
  if (!person.optedIn && !person.stopped && random.chance(profile.optInChance)) {
    person.optedIn = true
    later(world, at + random.int(1, 8) * minuteMs, person, { type: 'marketing', action: 'granted' })
    later(world, at + random.int(1, 8) * minuteMs, person, { type: 'grant' })
  } else if (person.optedIn && random.chance(profile.optOutChance)) {
    stop(world, person, at + random.int(1, 60) * minuteMs)
  }
  if (random.chance(profile.orderChance)) order(world, person, at + random.logNormal(40, 1.2) * minuteMs)
}

export function stop(world: World, person: Person, at: number): void {
  person.optedIn = false
  person.stopped = true
  later(world, at, person, { type: 'marketing', action: 'stopped' })
  later(world, at, person, { type: 'revoke' })
}

export function order(world: World, person: Person, at: number): void {
  const { profile, random } = world
  world.counter += 1
  person.orders += 1
  const orderId = `${profile.slug.slice(0, 2).toUpperCase()}-${10_000 + world.counter}`
  const total = random.logNormal(profile.orderMedian, 0.6).toFixed(2)
  later(world, at, person, { type: 'order', orderId, total })
  if (random.chance(0.04)) later(world, at + random.int(2, 9) * dayMs, person, { type: 'refund', orderId, total })
}

/** The business writes; its message is delivered, usually read, sometimes liked. */
function say(world: World, person: Person, at: number, text: string, bot: boolean): void {
  const { random } = world
  const id = mid(world)
  later(world, at, person, { type: 'echo', mid: id, text, bot })
  const delivered = at + random.int(1, 5) * secondMs
  later(world, delivered, person, { type: 'delivery', mids: [id], watermark: delivered })
  if (random.chance(0.85)) {
    const read = delivered + random.logNormal(3, 1.4) * minuteMs
    later(world, read, person, { type: 'read', watermark: Math.floor(read) })
    if (!bot && random.chance(0.05))
      later(world, read + 4 * secondMs, person, { type: 'reaction', mid: id, emoji: '❤' })
  }
}

/** When a human answers a message written at `asked`: after a log-normal wait, counted from the next opening when closed. */
function answerTime(world: World, asked: number, factor = 1): number {
  const { profile, random } = world
  const wait = Math.floor(random.logNormal(profile.answerMinutes * factor, profile.answerSpread) * minuteMs)
  const opening = nextOpening(profile, asked)
  const at = opening + wait + (opening > asked ? random.int(0, 40) * minuteMs : 0)
  return isOpen(profile, at) ? at : nextOpening(profile, at) + random.int(1, 50) * minuteMs
}

function isOpen(profile: Profile, at: number): boolean {
  return nextOpening(profile, at) === at
}

/** `at` itself when open then, otherwise the start of the next span within a week. */
function nextOpening(profile: Profile, at: number): number {
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const date = localDate(at + ahead * dayMs, profile.timeZone)
    const start = startOfLocalDate(date, profile.timeZone)
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay()
    for (const [from, to] of profile.hours[weekday] ?? []) {
      if (at < start + from * minuteMs) return start + from * minuteMs
      if (at < start + to * minuteMs) return at
    }
  }
  return at
}

/** People write mostly by day and in the evening. */
function momentOfDay(world: World, dayStart: number): number {
  const { random } = world
  const hour = random.chance(0.62)
    ? 9 + random.next() * 9
    : random.chance(0.75)
      ? 18 + random.next() * 4.5
      : random.next() * 24
  return Math.floor(dayStart + hour * hourMs)
}

function mid(world: World): string {
  world.counter += 1
  return `m_${world.profile.slug.slice(0, 4)}${world.counter.toString(36)}${Math.floor(world.random.next() * 1e9).toString(36)}`
}

function later(world: World, at: number, person: Person, what: What): void {
  world.pending.push({ at: Math.floor(at), person, what })
}
