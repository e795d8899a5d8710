/**
 * Bodies nobody wrote, against every parser: no crash, bounded time, no lost neighbour, nothing dropped without a trace
 * (protocols.md §0). The long form is `npm run fuzz`.
 */
import { describe, expect, test } from 'vitest'
import { runFuzz } from './fuzz/run.ts'
import { type Said, type Target, targets } from './fuzz/targets.ts'

/** Far above what any input needs, and far below what an unbounded one takes: the machine may be busy. */
const inputMsMax = 250
function fuzz(target: Target, inputs: number, seed = 20261122, limit = inputMsMax) {
  return runFuzz({ targets: [target], seed, inputs, inputMsMax: limit })
}

test.each(targets)('$name keeps every promise', (target) => {
  const report = fuzz(target, 500)
  expect(report.fault).toBeNull()
  expect(report.inputs).toBe(500)
  // Inputs that are all refused, or all understood, would prove nothing.
  expect(report.events).toBeGreaterThan(200)
  expect(report.asides + report.unknown).toBeGreaterThan(20)
})

test('the same seed makes the same run', () => {
  const figures = () => targets.slice(0, 3).map((target) => ({ ...fuzz(target, 60, 7), seconds: 0, slowestMs: 0 }))
  expect(figures()).toEqual(figures())
})

describe('a broken parser is found', () => {
  const [messenger] = targets
  if (!messenger) throw new Error('there is no target')
  const broken = (parse: (said: () => Said, text: string) => Said): Target => ({
    ...messenger,
    parse: (text, topic) => parse(() => messenger.parse(text, topic), text),
  })
  const slowMs = 80
  const spoilt = (text: string) => text.includes('"m_before"') && text.includes('null')

  test.each<[promise: string, Target]>([
    [
      'no crash',
      broken((said, text) => {
        if (spoilt(text)) throw new TypeError('a schema over the whole body')
        return said()
      }),
    ],
    // One bad element costs its neighbours.
    ['neighbours come out identical', broken((said, text) => (spoilt(text) ? { events: [], traces: [] } : said()))],
    // A neighbour is there, but not as it was.
    [
      'neighbours come out identical',
      broken((said, text) => {
        const { events, traces } = said()
        return { events, traces: spoilt(text) ? traces.map((trace) => trace.replace('Hello', 'hello')) : traces }
      }),
    ],
    [
      'nothing is dropped without a trace',
      broken((said) => {
        const { events, traces } = said()
        return { events, traces: traces.filter((trace) => !trace.includes('"unknown"')) }
      }),
    ],
    [
      'every event can be stored',
      broken((said) => {
        const { events, traces } = said()
        return { events: events.map((event) => ({ ...event, text: `${event.text}\ud800` })), traces }
      }),
    ],
    [
      'bounded time',
      broken((said, text) => {
        const before = process.cpuUsage()
        while (spoilt(text) && process.cpuUsage(before).user < slowMs * 1000);
        return said()
      }),
    ],
    [
      'the same body says the same',
      broken((said) => {
        const { events, traces } = said()
        return { events, traces: [...traces, String(performance.now())] }
      }),
    ],
  ])('%s', (promise, target) => {
    expect(fuzz(target, 3_000, 1, slowMs / 2).fault?.promise).toBe(promise)
  })
})
