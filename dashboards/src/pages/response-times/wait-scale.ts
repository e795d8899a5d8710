import type { Format } from '../../i18n/format.ts'

/**
 * Waits run from seconds to days: on a linear axis one bad night hides everything else. Charts of waits are drawn over
 * log10 of the seconds, with marks where people think of time.
 */
const marksSeconds = [1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400]

/** Position of a wait on the scale. Under a second counts as a second. */
export function toScale(seconds: number): number {
  return Math.log10(Math.max(1, seconds))
}

/** An axis over log10 seconds that reaches from the marks around the smallest to those around the largest wait. */
export function waitAxis(seconds: readonly number[], format: Format, smallestMark = 1) {
  const lowest = Math.max(smallestMark, Math.min(...seconds))
  const highest = Math.max(...seconds, lowest * 2)
  const from = marksSeconds.findLast((mark) => mark <= lowest) ?? 1
  // A little air above the longest wait, but no empty decade.
  const to = Math.min(marksSeconds.find((mark) => mark >= highest) ?? highest, highest * 1.2)
  const marks = marksSeconds.filter((mark) => mark >= from && mark <= to)
  return {
    min: toScale(from),
    max: toScale(to),
    marks: marks.map(toScale),
    say: (position: number) => format.duration(Math.round(10 ** position)),
  }
}
