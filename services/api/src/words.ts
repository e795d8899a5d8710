/** Numbers, durations and changes in words, in English and French. Each language is written, not translated. */
import type { Language } from '@fidelio/core/metric.ts'

const formats = {
  en: {
    whole: new Intl.NumberFormat('en', { maximumFractionDigits: 0 }),
    one: new Intl.NumberFormat('en', { maximumFractionDigits: 1 }),
  },
  fr: {
    whole: new Intl.NumberFormat('fr', { maximumFractionDigits: 0 }),
    one: new Intl.NumberFormat('fr', { maximumFractionDigits: 1 }),
  },
} as const

export function whole(value: number, lang: Language): string {
  // A minus sign, as on the screens, not a hyphen.
  return formats[lang].whole.format(value).replace('-', '−')
}

export function percent(share: number, lang: Language): string {
  const value = share * 100
  const digits = Math.abs(value) < 10 && value !== 0 ? formats[lang].one : formats[lang].whole
  return `${digits.format(value)} %`
}

/** A difference of shares, in percentage points. */
export function points(share: number, lang: Language): string {
  const text = formats[lang].one.format(Math.abs(share) * 100)
  if (lang === 'fr') return `${text} ${text === '1' || text === '0' ? 'point' : 'points'}`
  return `${text} ${text === '1' ? 'point' : 'points'}`
}

/** "45 s", "12 min", "1 h 30 min", "3 days": as much precision as a person would say. */
export function duration(seconds: number, lang: Language): string {
  const rounded = Math.round(seconds)
  if (rounded < 60) return `${rounded} s`
  const minutes = Math.round(rounded / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) {
    const rest = minutes - hours * 60
    if (rest === 0) return `${hours} h`
    return lang === 'fr' ? `${hours} h ${String(rest).padStart(2, '0')}` : `${hours} h ${rest} min`
  }
  const days = Math.round(hours / 24)
  return lang === 'fr' ? `${days} jours` : `${days} days`
}

/** Below this a percentage of the former number says more than it knows. */
const percentFromAtLeast = 20

/** Changes of a share below a twentieth of a percent are not said. */
const shareSaidFrom = 0.0005

/**
 * Whether a number is said to have moved: the one threshold for sentences and tiles. A wait moved when it is said
 * differently ("12 min", "13 min"), a share and a large count from 0.05 % on, a small count always.
 */
export function hasMoved(unit: 'seconds' | 'share' | 'count', value: number, previous: number): boolean {
  if (unit === 'seconds') return duration(value, 'en') !== duration(previous, 'en')
  const change = Math.abs(value - previous)
  if (unit === 'share') return change >= shareSaidFrom
  return change > 0 && (previous < percentFromAtLeast || change / previous >= shareSaidFrom)
}

/** "8 % more than before", "3 fewer than before", "as many as before". Null when there is nothing to compare with. */
export function changeOfCount(value: number, previous: number | null, lang: Language): string | null {
  if (previous === null) return null
  const change = value - previous
  if (!hasMoved('count', value, previous)) return lang === 'fr' ? 'autant qu’avant' : 'as many as before'
  const more = change > 0
  const amount =
    previous >= percentFromAtLeast ? percent(Math.abs(change) / previous, lang) : whole(Math.abs(change), lang)
  const isCount = previous < percentFromAtLeast
  if (lang === 'fr') return `${amount} de ${more ? 'plus' : 'moins'} qu’avant`
  return `${amount} ${more ? 'more' : isCount ? 'fewer' : 'less'} than before`
}

/** "3 min shorter than before": a wait against the one before it. */
export function changeOfWait(value: number, previous: number | null, lang: Language): string | null {
  if (previous === null) return null
  const change = Math.round(value - previous)
  if (!hasMoved('seconds', value, previous)) return lang === 'fr' ? 'comme avant' : 'as before'
  const amount = duration(Math.abs(change), lang)
  if (lang === 'fr') return `${amount} de ${change < 0 ? 'moins' : 'plus'} qu’avant`
  return `${amount} ${change < 0 ? 'shorter' : 'longer'} than before`
}

/** "2 points more than before". */
export function changeOfShare(value: number, previous: number | null, lang: Language): string | null {
  if (previous === null) return null
  const change = value - previous
  if (!hasMoved('share', value, previous)) return lang === 'fr' ? 'comme avant' : 'as before'
  if (lang === 'fr') return `${points(change, lang)} de ${change > 0 ? 'plus' : 'moins'} qu’avant`
  return `${points(change, lang)} ${change > 0 ? 'more' : 'less'} than before`
}

/** A statement, and what it is compared with. */
export function withChange(statement: string, change: string | null): string {
  return change === null ? `${statement}.` : `${statement} — ${change}.`
}
