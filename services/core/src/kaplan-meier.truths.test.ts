/** Kaplan–Meier against the published figures of R's `survival` (measures.md B7). */
import { describe, expect, it } from 'vitest'
import {
  restrictedMean,
  restrictedMeanLimits,
  survivalAt,
  survivalLimits,
  survivalQuantile,
  survivalSteps,
  type TimedOutcome,
} from './kaplan-meier.ts'
import { quantile } from './percentile.ts'

/** '9 13 13+': ends, and censored times with a plus, as survival papers print them. */
function read(text: string): TimedOutcome[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => ({ time: Number.parseInt(word, 10), outcome: word.endsWith('+') ? 'waiting' : 'answered' }))
}

// Acute myelogenous leukaemia, R's survival::aml (Miller 1997).
const maintained = read('9 13 13+ 18 23 28+ 31 34 45+ 48 161+')
const notMaintained = read('5 5 8 8 12 16+ 23 27 30 33 43 45')

// Advanced lung cancer, R's survival::lung (Loprinzi 1994): days, in order of time.
const lung = read(`
  5 11 11 11 12 13 13 15 26 30 31 53 53 54 59 60 60 61 62 65 65 71 79 81 81 88 88 92 92+ 93 95 95 105 105+ 107 107
  110 116 118 122 131 132 132 135 142 144 145 145 147 153 156 156 163 163 163 166 166 167 170 173+ 174+ 175 175+
  176 177 177+ 179 179 180 181 181 182 183 185+ 186 188+ 189 191+ 192+ 194 196+ 197 197+ 199 201 201 202 202+ 203+
  207 208 210 211+ 212 218 221+ 222 222+ 223 224+ 225+ 225+ 226 229 230 235+ 237+ 239 239 240+ 243+ 245 246 252+
  259+ 266+ 267 268 269 269+ 270 272+ 276+ 279+ 283 284 284+ 285 285 286 288 291 292+ 292+ 293 296+ 300+ 301 301+
  303 303+ 305 306 310 310 315+ 320 329 332+ 337 340 345 348 350 351 353 353 356+ 361 363 363 364 364+ 371 371
  376+ 382+ 384+ 387 390 394 404+ 413+ 426 428 429 433 442 444 444+ 450 455 457 458+ 460 473 477 511+ 511+ 519 520
  524 524 529+ 533 543+ 550 551+ 558 559+ 567 574 583 588+ 613 624 641 643 654 655 687 689 705 707 728 731 735
  740+ 765 791 806+ 814 821+ 840+ 883 965+ 1010+ 1022+
`)

describe('R survival, aml', () => {
  it('maintained: survival, standard error and limits as survfit prints them', () => {
    const steps = survivalSteps(maintained).filter((step) => step.answered > 0)
    const printed = steps.map((step) => {
      const limits = survivalLimits(step)
      const se = step.survival * Math.sqrt(step.greenwood)
      return [
        step.time,
        step.atRisk,
        ...[step.survival, se, limits?.lower ?? NaN, limits?.upper ?? NaN].map((x) => x.toPrecision(3)),
      ]
    })
    expect(printed).toEqual([
      [9, 11, '0.909', '0.0867', '0.754', '1.00'],
      [13, 10, '0.818', '0.116', '0.619', '1.00'],
      [18, 8, '0.716', '0.140', '0.488', '1.00'],
      [23, 7, '0.614', '0.153', '0.377', '0.999'],
      [31, 5, '0.491', '0.164', '0.255', '0.946'],
      [34, 4, '0.368', '0.163', '0.155', '0.875'],
      [48, 2, '0.184', '0.153', '0.0359', '0.944'],
    ])
  })

  it('survival to 1e-9', () => {
    const product = (...factors: number[]) => factors.reduce((a, b) => a * b, 1)
    expect(survivalAt(survivalSteps(maintained), 48)).toBeCloseTo(
      product(10 / 11, 9 / 10, 7 / 8, 6 / 7, 4 / 5, 3 / 4, 1 / 2),
      12,
    )
    expect(survivalAt(survivalSteps(notMaintained), 12)).toBeCloseTo(7 / 12, 12)
    expect(survivalAt(survivalSteps(notMaintained), 43)).toBeCloseTo((7 / 12) * (1 / 6), 12)
  })

  it('medians: 31 (18, not reached) and 23 (8, not reached)', () => {
    expect(survivalQuantile(survivalSteps(maintained), 0.5)).toEqual({ value: 31, lower: 18, upper: null })
    expect(survivalQuantile(survivalSteps(notMaintained), 0.5)).toEqual({ value: 23, lower: 8, upper: null })
  })

  it('has 15 distinct end times over both arms, and 18 steps in all', () => {
    const steps = survivalSteps([...maintained, ...notMaintained])
    expect(steps).toHaveLength(18)
    expect(steps.filter((step) => step.answered > 0)).toHaveLength(15)
    expect(survivalQuantile(steps, 0.5)).toEqual({ value: 27, lower: 18, upper: 45 })
  })
})

describe('R survival, restricted means with their standard errors', () => {
  it('aml up to 161, as print.survfit prints them: 52.6 (19.83) and 22.7 (4.18)', () => {
    const [long, short] = [maintained, notMaintained].map((arm) => restrictedMeanLimits(survivalSteps(arm), 161))
    expect(long?.value.toFixed(1)).toBe('52.6')
    expect(long?.standardError.toFixed(2)).toBe('19.83')
    expect(short?.value.toFixed(1)).toBe('22.7')
    expect(short?.standardError.toFixed(2)).toBe('4.18')
  })
  it('seven people, one censored, up to 100: 37.85714 (10.73888), 16.80932 to 58.90497', () => {
    const steps = survivalSteps(read('10 15 23 30 35 52 100+'))
    const { value, standardError, lower, upper } = restrictedMeanLimits(steps, 100)
    expect([value, standardError, lower, upper].map((x) => x.toFixed(5))).toEqual([
      '37.85714',
      '10.73888',
      '16.80932',
      '58.90497',
    ])
  })
  it('without censoring it is the standard error of a mean', () => {
    const times = [3, 5, 5, 9, 14, 20]
    const mean = times.reduce((a, b) => a + b, 0) / times.length
    const variance = times.reduce((sum, t) => sum + (t - mean) ** 2, 0) / times.length
    const found = restrictedMeanLimits(survivalSteps(times.map((time) => ({ time, outcome: 'answered' }))), 100)
    expect(found.value).toBeCloseTo(mean, 12)
    expect(found.standardError).toBeCloseTo(Math.sqrt(variance / times.length), 12)
  })
})

describe('R survival, lung', () => {
  const steps = survivalSteps(lung)
  it('228 people, 165 ends', () => {
    expect(lung).toHaveLength(228)
    expect(lung.filter((row) => row.outcome === 'answered')).toHaveLength(165)
  })
  it('median 310 (285–363), where the median of the finished says 226', () => {
    expect(survivalQuantile(steps, 0.5)).toEqual({ value: 310, lower: 285, upper: 363 })
    const finished = lung.filter((row) => row.outcome === 'answered').map((row) => row.time)
    expect(quantile(finished, 0.5)).toBe(226)
  })
  it('restricted mean to a year, to 1e-9', () => {
    expect(Math.abs(restrictedMean(steps, 365) - 263.2218664820067)).toBeLessThan(1e-9)
  })
})

it('without abandonments the incidence varies as Greenwood says', () => {
  for (const step of survivalSteps(lung)) {
    expect(Math.abs(step.answeredVariance - step.survival ** 2 * step.greenwood)).toBeLessThan(1e-12)
  }
})
