import { describe, expect, it } from 'vitest'
import { activeEventKinds } from './activity.ts'
import { eventKinds } from './event.ts'
import { sampleRatioAlpha, sequentialPeopleDefault } from './lift.ts'
import { isMetricKey, metricKeys, metrics } from './metric.ts'
import { cameBackDays } from './retention.ts'
import { episodeGapMsDefault } from './waiting-spell.ts'

describe('the metrics', () => {
  it.each(metricKeys)('%s is written in both languages', (key) => {
    const { name, sentence, version } = metrics[key]
    expect(metrics[key].key).toBe(key)
    expect(version).toBeGreaterThanOrEqual(1)
    for (const language of ['en', 'fr'] as const) {
      expect(name[language].length).toBeGreaterThan(3)
      expect(name[language].length).toBeLessThanOrEqual(32)
      expect(sentence[language]).toMatch(/^\p{Lu}.+\.$/u)
      expect(sentence[language].length).toBeLessThan(260)
      // Typographic apostrophes, and in French a space before double punctuation.
      expect(sentence[language]).not.toContain("'")
    }
    expect(sentence.fr).not.toMatch(/\p{L}[:;?!]/u)
    expect(sentence.en).not.toBe(sentence.fr)
  })

  it('names are told apart in each language', () => {
    for (const language of ['en', 'fr'] as const) {
      expect(new Set(metricKeys.map((key) => metrics[key].name[language])).size).toBe(metricKeys.length)
    }
  })

  it('say the same numbers as the code that computes them', () => {
    expect(metrics.came_back_4w.parameters).toMatchObject({
      returnFromDays: cameBackDays.from,
      returnToDays: cameBackDays.to,
    })
    expect(metrics.first_response_median.parameters.episodeGapHours).toBe(episodeGapMsDefault / 3_600_000)
    expect(metrics.lift.parameters).toMatchObject({ plannedPeople: sequentialPeopleDefault, sampleRatioAlpha })
  })

  it('know their own keys only', () => {
    expect(isMetricKey('lift')).toBe(true)
    expect(isMetricKey('toString')).toBe(false)
  })
})

it('activity speaks of kinds of events that exist', () => {
  for (const kind of activeEventKinds) expect(eventKinds).toContain(kind)
})
