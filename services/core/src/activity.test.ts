import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ActivityEvent, activeContacts, isActivity, stickiness } from './activity.ts'
import { type Calendar, indexOfLocalDate } from './interval-index.ts'
import { dayMs, localDate } from './time.ts'

const at = (text: string) => Date.parse(text)
const paris: Calendar = { zone: 'Europe/Paris', weekStart: 'monday' }
const day = (date: string, calendar = paris) => indexOfLocalDate(date, 'day', calendar)
const wrote = (contactId: number, ts: string): ActivityEvent => ({
  contactId,
  ts: at(ts),
  kind: 'message.received',
  role: 'customer',
})

describe('activity', () => {
  it.each([
    ['message.received', 'customer', true],
    ['postback', 'customer', true],
    ['reaction', 'customer', true],
    ['order.created', 'customer', true],
    ['reaction', 'human', false],
    ['message.sent', 'human', false],
    ['order.paid', 'customer', false],
    ['read', 'customer', false],
    ['delivery', 'customer', false],
    ['optin', 'customer', false],
    ['consent.revoked', 'customer', false],
  ])('%s by %s: %s', (kind, role, active) => {
    expect(isActivity({ kind, role })).toBe(active)
  })
})

describe('active contacts', () => {
  const options = { calendar: paris, now: at('2026-11-22T12:00:00Z'), dataSince: at('2026-09-01T00:00:00Z') }

  it('count each person once per window, on local days', () => {
    const events = [
      wrote(1, '2026-11-20T22:59:00Z'), // the 20th in Paris
      wrote(1, '2026-11-20T23:00:00Z'), // the 21st
      wrote(1, '2026-11-21T08:00:00Z'),
      wrote(2, '2026-11-15T12:00:00Z'),
      wrote(3, '2026-11-14T12:00:00Z'), // just outside seven days of the 21st
      wrote(4, '2026-10-25T12:00:00Z'), // the first of the 28 days of the 21st
      wrote(5, '2026-10-24T12:00:00Z'),
      { contactId: 6, ts: at('2026-11-21T09:00:00Z'), kind: 'read', role: 'customer' },
    ]
    const [row] = activeContacts(events, { first: day('2026-11-21'), last: day('2026-11-21') }, options)
    expect(row).toEqual({ day: day('2026-11-21'), state: 'complete', active1d: 1, active7d: 2, active28d: 4 })
  })

  it('are null where the data does not reach back, not small', () => {
    const since = { ...options, dataSince: at('2026-10-25T10:00:00Z') }
    const [before, full] = activeContacts(
      [wrote(1, '2026-11-01T10:00:00Z')],
      { first: day('2026-11-20'), last: day('2026-11-21') },
      since,
    )
    expect(before).toMatchObject({ active1d: 0, active7d: 0, active28d: null })
    expect(full).toMatchObject({ active1d: 0, active28d: 1 })
  })

  it('are provisional today and null tomorrow', () => {
    const rows = activeContacts([], { first: day('2026-11-21'), last: day('2026-11-23') }, options)
    expect(rows.map((row) => [row.state, row.active1d])).toEqual([
      ['complete', 0],
      ['provisional', 0],
      ['not_yet', null],
    ])
  })
})

const history = fc.array(
  fc.record({
    contactId: fc.integer({ min: 1, max: 8 }),
    ts: fc.integer({ min: at('2026-09-20T00:00Z'), max: at('2026-11-20T00:00Z') }),
    kind: fc.constantFrom('message.received', 'postback', 'read', 'message.sent'),
    role: fc.constantFrom('customer', 'human'),
  }),
  { maxLength: 60 },
)

describe('random histories', () => {
  const zone = fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kathmandu')
  it('agree with a count of labels on the wall, whatever the order and however often', () => {
    fc.assert(
      fc.property(history, zone, (events, zone) => {
        const calendar: Calendar = { zone, weekStart: 'monday' }
        const days = { first: day('2026-10-20', calendar), last: day('2026-11-10', calendar) }
        const options = { calendar, now: at('2026-12-01T00:00Z'), dataSince: at('2026-09-01T00:00Z') }
        const rows = activeContacts(events, days, options)
        expect(activeContacts([...events, ...events].reverse(), days, options)).toEqual(rows)
        for (const row of rows) {
          const dates = Array.from({ length: 28 }, (_, back) =>
            new Date((row.day - back) * dayMs).toISOString().slice(0, 10),
          )
          const among = (within: string[]) =>
            new Set(
              events
                .filter((event) => isActivity(event) && within.includes(localDate(event.ts, zone)))
                .map((event) => event.contactId),
            ).size
          expect([row.active1d, row.active7d, row.active28d]).toEqual([
            among(dates.slice(0, 1)),
            among(dates.slice(0, 7)),
            among(dates),
          ])
        }
      }),
      { numRuns: 40 },
    )
  })

  it('stickiness is the mean number of active days over 28', () => {
    fc.assert(
      fc.property(history, (events) => {
        const days = { first: day('2026-10-10'), last: day('2026-11-06') }
        const rows = activeContacts(events, days, {
          calendar: paris,
          now: at('2026-12-01T00:00Z'),
          dataSince: at('2026-08-01T00:00Z'),
        })
        const dates = new Set(rows.map((row) => new Date(row.day * dayMs).toISOString().slice(0, 10)))
        const active = events.filter((event) => isActivity(event) && dates.has(localDate(event.ts, 'Europe/Paris')))
        const contactDays = new Set(active.map((event) => `${event.contactId} ${localDate(event.ts, 'Europe/Paris')}`))
          .size
        const contacts = new Set(active.map((event) => event.contactId)).size
        if (contacts === 0) expect(stickiness(rows)).toBeNull()
        else expect(stickiness(rows)).toBeCloseTo(contactDays / contacts / 28, 12)
      }),
      { numRuns: 100 },
    )
  })

  it('stickiness needs 28 whole days', () => {
    const days = { first: day('2026-10-10'), last: day('2026-11-06') }
    const options = { calendar: paris, now: at('2026-12-01T00:00Z'), dataSince: at('2026-10-10T12:00Z') }
    const rows = activeContacts([wrote(1, '2026-10-20T12:00:00Z')], days, options)
    expect(stickiness(rows)).toBeCloseTo(1 / 28, 12)
    expect(stickiness(rows.slice(1))).toBeNull()
  })
})
