/**
 * Who is active (measures.md §1 and §3): a contact who wrote, pressed a button, reacted or placed an order. Receipts,
 * opt-ins and opt-outs are not activity, and nothing the business does is.
 */
import { type Calendar, type CellState, cellState, intervalIndex, intervalOf } from './interval-index.ts'
import { dashboardLatenessMs, watermark } from './time.ts'

/** The kinds of events that make a contact active, when the customer did them. */
export const activeEventKinds = ['message.received', 'postback', 'reaction', 'order.created'] as const

const activeKinds: ReadonlySet<string> = new Set(activeEventKinds)

/** Whether an event makes its contact active. */
export function isActivity(event: { kind: string; role: string }): boolean {
  return event.role === 'customer' && activeKinds.has(event.kind)
}

export type ActivityEvent = { contactId: number; ts: number; kind: string; role: string }

/** Contacts active on a local day and in the windows that end with it; null where the data does not reach back that far. */
export type ActiveContacts = {
  day: number
  state: CellState
  active1d: number | null
  active7d: number | null
  /** 28 and not 30 days: always four of each weekday. */
  active28d: number | null
}

export type ActivityOptions = { calendar: Calendar; now: number; latenessMs?: number; dataSince: number }

/**
 * Active contacts per local day first..last (day indices): the naive model of DAU, WAU and MAU28. `dataSince` is the
 * business's first event: a window that reaches before its day is null and not small. Days after now are null too.
 */
export function activeContacts(
  events: Iterable<ActivityEvent>,
  days: { first: number; last: number },
  options: ActivityOptions,
): ActiveContacts[] {
  const { calendar, now, latenessMs = dashboardLatenessMs, dataSince } = options
  const activeOn = new Map<number, Set<number>>()
  for (const event of events) {
    if (!isActivity(event)) continue
    const day = intervalIndex(event.ts, 'day', calendar)
    activeOn.set(day, (activeOn.get(day) ?? new Set()).add(event.contactId))
  }
  const firstDay = intervalIndex(dataSince, 'day', calendar)
  const rows: ActiveContacts[] = []
  for (let day = days.first; day <= days.last; day++) {
    const state = cellState(intervalOf(day, 'day', calendar), { now, watermark: watermark(now, latenessMs) })
    const within = (length: number) =>
      state === 'not_yet' || day - length + 1 < firstDay ? null : distinct(activeOn, day - length + 1, day)
    rows.push({ day, state, active1d: within(1), active7d: within(7), active28d: within(28) })
  }
  return rows
}

/**
 * Stickiness: mean of the daily actives of 28 days over the contacts active in them. It equals the mean number of days a
 * contact was active, over 28. Null without data for all 28 days or without anyone active.
 */
export function stickiness(last28: readonly ActiveContacts[]): number | null {
  const monthly = last28.at(-1)?.active28d
  if (last28.length !== 28 || !monthly) return null
  let daily = 0
  for (const { active1d } of last28) {
    if (active1d === null) return null
    daily += active1d
  }
  return daily / 28 / monthly
}

function distinct(activeOn: ReadonlyMap<number, ReadonlySet<number>>, first: number, last: number): number {
  const contacts = new Set<number>()
  for (let day = first; day <= last; day++) for (const contact of activeOn.get(day) ?? []) contacts.add(contact)
  return contacts.size
}
