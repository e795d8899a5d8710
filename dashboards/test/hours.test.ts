import { describe, expect, it } from 'vitest'
import { isWeek, nextSpan, readWeek, summarise, writeWeek } from '../src/pages/settings/hours-model.ts'

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const nameOf = (weekday: number) => names[weekday - 1] ?? ''

describe('opening hours', () => {
  it('reads and writes split shifts, closed days left out', () => {
    const stored = {
      mon: [
        ['09:00', '12:30'],
        ['14:00', '18:00'],
      ],
      sat: [['10:00', '24:00']],
    }
    expect(writeWeek(readWeek(stored))).toEqual(stored)
    expect(readWeek('nonsense').mon).toEqual([])
  })

  it('refuses hours that overlap, run backwards or are unfinished', () => {
    expect(
      isWeek(
        readWeek({
          mon: [
            ['09:00', '12:30'],
            ['12:30', '24:00'],
          ],
        }),
      ),
    ).toBe(true)
    expect(
      isWeek(
        readWeek({
          mon: [
            ['09:00', '12:30'],
            ['12:00', '18:00'],
          ],
        }),
      ),
    ).toBe(false)
    expect(isWeek(readWeek({ tue: [['18:00', '09:00']] }))).toBe(false)
    expect(isWeek(readWeek({ wed: [['', '09:00']] }))).toBe(false)
  })

  it('suggests an afternoon behind a morning, never beyond the day', () => {
    expect(nextSpan([])).toEqual(['09:00', '18:00'])
    expect(nextSpan([['09:00', '12:30']])).toEqual(['13:30', '16:30'])
    expect(nextSpan([['09:00', '23:30']])[1]).toBe('23:59')
  })

  it('says neighbouring equal days together', () => {
    const week = readWeek({ mon: [['09:00', '18:00']], tue: [['09:00', '18:00']], thu: [['09:00', '12:00']] })
    expect(summarise(week, nameOf)).toBe('Mon–Tue 09:00–18:00 · Thu 09:00–12:00')
  })
})
