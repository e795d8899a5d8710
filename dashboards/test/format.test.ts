import { describe, expect, it } from 'vitest'
import { createFormat } from '../src/i18n/format.ts'
import { keepUnits } from '../src/lib/keep-units.ts'

const en = createFormat('en', 'Europe/Paris', 'EUR')
const fr = createFormat('fr', 'Europe/Paris', 'EUR')
/** Spaces that do not break are what we want in the page, and plain ones what we want to read here. */
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, ' ')

describe('durations, as people say them', () => {
  it.each([
    [0.4, '0.4 s', '0,4 s'],
    [45, '45 s', '45 s'],
    [59.6, '1 min', '1 min'],
    [725, '12 min', '12 min'],
    [3599, '1 h', '1 h'],
    [3600, '1 h', '1 h'],
    [12_000, '3 h 20', '3 h 20'],
    [3900, '1 h 05', '1 h 05'],
    [172_800, '2 d', '2 j'],
    [187_200, '2 d 4 h', '2 j 4 h'],
    [172_799, '48 h', '48 h'],
  ])('%d seconds', (seconds, english, french) => {
    expect(plain(en.duration(seconds))).toBe(english)
    expect(plain(fr.duration(seconds))).toBe(french)
  })

  it('leaves the direction of a change to the words around it', () => {
    expect(plain(en.duration(-180))).toBe('3 min')
  })
})

describe('numbers', () => {
  it('keeps at most one decimal in percentages', () => {
    expect(plain(en.percent(0.38249))).toBe('38.2 %')
    expect(plain(fr.percent(0.38249))).toBe('38,2 %')
    expect(plain(en.percent(0.4))).toBe('40 %')
  })

  it('says points of a percentage, not percent of a percentage', () => {
    expect(plain(fr.points(0.012))).toBe('1,2 pt')
  })

  it('shows cents only where they matter', () => {
    expect(plain(fr.money(12.5))).toBe('12,50 €')
    expect(plain(fr.money(12))).toBe('12 €')
    expect(plain(fr.money(12_400.5))).toBe('12 401 €')
  })

  it('gives every metric its unit', () => {
    expect(plain(en.value('SECONDS', 725))).toBe('12 min')
    expect(plain(en.value('ORDERS', 46.4))).toBe('46')
    expect(plain(fr.value('PEOPLE', 4812))).toBe('4 812')
  })
})

describe('instants and days', () => {
  it('reads instants on the business clock', () => {
    expect(en.time('2026-11-22T09:42:00Z')).toBe('10:42')
    expect(createFormat('en', 'Asia/Kathmandu', 'NPR').time('2026-11-22T09:42:00Z')).toBe('15:27')
  })

  it('shows a calendar day as that day, whatever the zone', () => {
    expect(createFormat('en', 'Pacific/Kiritimati', 'AUD').day('2026-11-03')).toBe('3 Nov')
    expect(createFormat('en', 'Pacific/Pago_Pago', 'USD').day('2026-11-03')).toBe('3 Nov')
  })

  it('begins the week on Monday', () => {
    expect(en.weekday(1)).toBe('Mon')
    expect(fr.weekday(7)).toBe('dim.')
  })
})

describe('lines that never end between a number and its unit', () => {
  it('binds units and French marks', () => {
    expect(keepUnits('38 % en 12 min : voir')).toBe('38\u00a0% en 12\u00a0min\u00a0: voir')
    expect(keepUnits('3 hours and 2 staff')).toBe('3 hours and 2 staff')
  })
})
