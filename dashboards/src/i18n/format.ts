import type { Unit } from '../generated/graphql.ts'
import { dayToDate } from '../lib/days.ts'
import type { Language } from './catalogue.ts'

/** Says numbers, times and money as people of a language and a business's zone say them. */
export type Format = ReturnType<typeof createFormat>

const minuteSeconds = 60
const hourSeconds = 3600
const daySeconds = 86_400
const locales = { en: 'en-GB', fr: 'fr-FR' } as const
/** A space that never breaks a line between a number and its unit. */
const space = '\u00a0'

/**
 * @param timeZone the business's zone: every instant is shown on its clock
 * @param currency used where a number of money comes without its own
 */
export function createFormat(language: Language, timeZone: string, currency: string) {
  const locale = locales[language]
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const oneDecimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const compactNumber = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const at = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const onDay = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
  const times = at({ hour: '2-digit', minute: '2-digit' })
  const seconds = at({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const dates = at({ day: 'numeric', month: 'short', year: 'numeric' })
  const dateTimes = at({ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  const shortDays = onDay({ day: 'numeric', month: 'short' })
  const longDays = onDay({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  const weekdays = onDay({ weekday: 'short' })
  const relatives = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

  const number = (value: number): string => integer.format(value)
  const decimal = (value: number): string => oneDecimal.format(value)
  // 38 % in both languages, as the sentences of the API say it.
  const percent = (ratio: number): string => `${oneDecimal.format(ratio * 100)}${space}%`
  const duration = (value: number): string => sayDuration(value, language, oneDecimal)
  const money = (amount: number, in_: string = currency): string =>
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: in_,
      maximumFractionDigits: Math.abs(amount) >= 1000 ? 0 : 2,
      minimumFractionDigits: Number.isInteger(amount) || Math.abs(amount) >= 1000 ? 0 : 2,
    }).format(amount)

  return {
    language,
    locale,
    timeZone,
    currency,
    number,
    decimal,
    percent,
    duration,
    money,
    /** 12.4 k: for axes and tight places only. */
    compact: (value: number): string => compactNumber.format(value),
    /** A difference of two ratios, in percentage points. */
    points: (difference: number): string => `${oneDecimal.format(difference * 100)}${space}pt`,
    /** An instant on the business's clock: 10:42 */
    time: (iso: string): string => times.format(new Date(iso)),
    timeWithSeconds: (iso: string): string => seconds.format(new Date(iso)),
    date: (iso: string): string => dates.format(new Date(iso)),
    dateTime: (iso: string): string => dateTimes.format(new Date(iso)),
    /** A calendar day: 3 Nov */
    day: (day: string): string => shortDays.format(dayToDate(day)),
    dayLong: (day: string): string => longDays.format(dayToDate(day)),
    /** 1 = Monday … 7 = Sunday */
    weekday: (index: number): string => weekdays.format(new Date(Date.UTC(2024, 0, index))),
    range: (from: string, to: string): string => shortDays.formatRange(dayToDate(from), dayToDate(to)),
    /** 5 minutes ago, tomorrow */
    relative: (iso: string, now: number = Date.now()): string => sayRelative(Date.parse(iso) - now, relatives),
    /** A value of a metric with its unit. */
    value: (unit: Unit, value: number): string => {
      if (unit === 'SECONDS') return duration(value)
      if (unit === 'RATIO') return percent(value)
      if (unit === 'MONEY') return money(value)
      // Orders brought by offers are an estimate: a tenth of an order would feign precision.
      return number(value)
    },
  }
}

/** 45 s · 12 min · 3 h 20 · 2 d 4 h. Negative durations are said without their sign: the words around say the direction. */
function sayDuration(signed: number, language: Language, decimals: Intl.NumberFormat): string {
  const value = Math.abs(signed)
  if (value < 9.95) return `${decimals.format(value)}${space}s`
  if (value < 59.5) return `${Math.round(value)}${space}s`
  const minutes = Math.round(value / minuteSeconds)
  if (minutes < 60) return `${minutes}${space}min`
  if (value < 2 * daySeconds) {
    const rest = minutes % 60
    const hours = Math.floor(minutes / 60)
    return rest === 0 ? `${hours}${space}h` : `${hours}${space}h${space}${String(rest).padStart(2, '0')}`
  }
  const hours = Math.round(value / hourSeconds)
  const day = language === 'fr' ? 'j' : 'd'
  const rest = hours % 24
  return rest === 0
    ? `${Math.floor(hours / 24)}${space}${day}`
    : `${Math.floor(hours / 24)}${space}${day}${space}${rest}${space}h`
}

function sayRelative(differenceMs: number, format: Intl.RelativeTimeFormat): string {
  const size = Math.abs(differenceMs) / 1000
  if (size < 45) return format.format(Math.round(differenceMs / 1000), 'second')
  if (size < 45 * minuteSeconds) return format.format(Math.round(differenceMs / 1000 / minuteSeconds), 'minute')
  if (size < 22 * hourSeconds) return format.format(Math.round(differenceMs / 1000 / hourSeconds), 'hour')
  return format.format(Math.round(differenceMs / 1000 / daySeconds), 'day')
}
