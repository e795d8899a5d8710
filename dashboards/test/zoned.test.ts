import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantOf, wallOf } from '../src/pages/campaigns/zoned.ts'

describe('a time on the business’s clock', () => {
  it('becomes the instant at which that clock shows it', () => {
    expect(instantOf('2026-11-26', '10:00', 'Europe/Paris')?.at.toISOString()).toBe('2026-11-26T09:00:00.000Z')
    expect(instantOf('2026-07-01', '10:00', 'Europe/Paris')?.at.toISOString()).toBe('2026-07-01T08:00:00.000Z')
    expect(instantOf('2026-07-01', '10:00', 'Asia/Kathmandu')?.at.toISOString()).toBe('2026-07-01T04:15:00.000Z')
  })

  it('says when the clock change skips the time, and takes the first of an hour that comes twice', () => {
    const skipped = instantOf('2026-03-29', '02:30', 'Europe/Paris')
    expect(skipped).toEqual({ at: new Date('2026-03-29T01:30:00.000Z'), exact: false })
    const twice = instantOf('2026-10-25', '02:30', 'Europe/Paris')
    expect(twice).toEqual({ at: new Date('2026-10-25T00:30:00.000Z'), exact: true })
  })

  it('refuses what is no time', () => {
    expect(instantOf('', '10:00', 'Europe/Paris')).toBeNull()
    expect(instantOf('2026-11-26', '', 'Europe/Paris')).toBeNull()
  })

  it('goes there and back for every instant, but for the second of two equal clock times', () => {
    const zones = ['Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC']
    const minutes = fc.integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2028, 0, 1) / 60_000 })
    fc.assert(
      fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
        const instant = new Date(minute * 60_000)
        const { day, time } = wallOf(instant, zone)
        const back = instantOf(day, time, zone)
        expect(back?.exact).toBe(true)
        const late = instant.getTime() - (back?.at.getTime() ?? 0)
        expect([0, 30 * 60_000, 60 * 60_000]).toContain(late)
        expect(wallOf(back?.at ?? instant, zone)).toEqual({ day, time })
      }),
    )
  })
})
