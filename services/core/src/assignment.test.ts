import { describe, expect, it } from 'vitest'
import { assignArm, assignmentDraw } from './assignment.ts'

const key = 'key of the autumn offer'
const people = Array.from({ length: 20_000 }, (_, index) => index + 1)
const draws = people.map((contactId) => assignmentDraw({ key, campaignId: 'autumn', contactId }))

describe('the draw', () => {
  it('never changes: sends already made depend on it', () => {
    expect(assignmentDraw({ key, campaignId: 'autumn', contactId: 1 })).toBe(0.6059775243413366)
    expect(assignmentDraw({ key, campaignId: 'autumn', contactId: 2 })).toBe(0.23066533681831003)
    expect(assignmentDraw({ key, campaignId: 'winter', contactId: 1 })).toBe(0.30345364023949173)
    expect(assignmentDraw({ key: new TextEncoder().encode(key), campaignId: 'autumn', contactId: '1' })).toBe(
      0.6059775243413366,
    )
  })

  it('is uniform on [0, 1): chi-square over 100 classes', () => {
    const classes = new Array<number>(100).fill(0)
    for (const draw of draws) {
      expect(draw >= 0 && draw < 1).toBe(true)
      const index = Math.floor(draw * 100)
      classes[index] = (classes[index] ?? 0) + 1
    }
    const expected = people.length / 100
    const chiSquare = classes.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // 99.9 % and 0.1 % points of chi-square with 99 degrees of freedom: too even would be wrong as well.
    expect(chiSquare).toBeLessThan(148.23)
    expect(chiSquare).toBeGreaterThan(61.13)
  })

  it('says nothing about the draw of another campaign or another key', () => {
    for (const other of [
      { key, campaignId: 'winter' },
      { key: 'another key', campaignId: 'autumn' },
    ]) {
      const others = people.map((contactId) => assignmentDraw({ ...other, contactId }))
      // Product of two independent uniforms around their means: variance 1/144 each.
      const covariance =
        draws.reduce((sum, draw, index) => sum + (draw - 0.5) * ((others[index] ?? 0) - 0.5), 0) / people.length
      expect(Math.abs(covariance * 12)).toBeLessThan(4 / Math.sqrt(people.length))
    }
  })
})

describe('the arm', () => {
  const heldBack = (share: number) =>
    people.filter((contactId) => assignArm({ key, campaignId: 'autumn', contactId }, share) === 'holdout')

  it('holds back the share asked for', () => {
    expect(heldBack(0)).toHaveLength(0)
    expect(heldBack(1)).toHaveLength(people.length)
    const tenth = heldBack(0.1).length / people.length
    expect(Math.abs(tenth - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / people.length))
  })

  it('a larger share keeps everyone who was held back', () => {
    const more = new Set(heldBack(0.2))
    expect(heldBack(0.1).every((contactId) => more.has(contactId))).toBe(true)
  })

  it('refuses what is no share', () => {
    for (const share of [-0.1, 1.1, Number.NaN]) {
      expect(() => assignArm({ key, campaignId: 'autumn', contactId: 1 }, share)).toThrow(RangeError)
    }
  })
})
