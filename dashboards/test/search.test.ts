import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodOf, readFrameSearch } from '../src/frame/search.ts'
import { addDays, daysBetween, todayIn } from '../src/lib/days.ts'

describe('the address bar', () => {
  it('keeps what is valid and leaves the rest', () => {
    expect(
      readFrameSearch({ b: 'shop', days: '7', compare: 'year', channel: 'MESSENGER', lang: 'fr', theme: 'dark' }),
    ).toEqual({
      b: 'shop',
      days: 7,
      compare: 'year',
      channel: 'MESSENGER',
      lang: 'fr',
      theme: 'dark',
    })
    expect(
      readFrameSearch({ days: 11, compare: 'x', channel: 'FAX', lang: 'de', from: '2026-01-01', theme: 1 }),
    ).toEqual({})
  })

  it('refuses periods that end before they begin, or are longer than the API answers', () => {
    expect(readFrameSearch({ from: '2026-02-02', to: '2026-02-01' })).toEqual({})
    expect(readFrameSearch({ from: '2020-01-01', to: '2026-02-01' })).toEqual({})
    expect(readFrameSearch({ from: '2026-02-30x', to: '2026-03-01' })).toEqual({})
  })

  it('reads what it wrote, whatever came in', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('b', 'days', 'from', 'to', 'compare', 'rows', 'lang'), fc.anything()),
        (raw) => {
          const once = readFrameSearch(raw)
          expect(readFrameSearch({ ...once })).toEqual(once)
        },
      ),
    )
  })
})

describe('periods', () => {
  it('ends today where the business is', () => {
    const now = new Date('2026-11-22T23:30:00Z')
    expect(todayIn('Europe/Paris', now)).toBe('2026-11-23')
    expect(todayIn('America/New_York', now)).toBe('2026-11-22')
    expect(periodOf({}, '2026-11-22')).toMatchObject({ from: '2026-10-26', to: '2026-11-22', days: 28, preset: 28 })
  })

  it('lets chosen dates win over a preset', () => {
    expect(periodOf({ days: 7, from: '2026-01-01', to: '2026-01-31' }, '2026-11-22')).toMatchObject({
      days: 31,
      preset: null,
    })
  })

  it('counts days across clock changes and leap years', () => {
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  })
})
