import { describe, expect, it } from 'vitest'
import { runsOf } from '../src/ui/chart/bands.ts'

const point = (x: number, hatched = false) => ({ x, low: 0, high: 1, hatched })

describe('bands', () => {
  it('break at gaps, and a lone point is no band', () => {
    const runs = runsOf([point(0), point(1), null, point(3), null, point(5), point(6)])
    expect(runs.map((run) => run.points.map((each) => each.x))).toEqual([
      [0, 1],
      [5, 6],
    ])
  })

  it('go on hatched from the last complete point, without a hole', () => {
    const runs = runsOf([point(0), point(1), point(2, true), point(3, true)])
    expect(runs.map((run) => [run.hatched, run.points.map((each) => each.x)])).toEqual([
      [false, [0, 1]],
      [true, [1, 2, 3]],
    ])
  })
})
