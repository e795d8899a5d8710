import type { Channel, Compare, RowsInput } from '../generated/graphql.ts'
import { addDays, daysBetween, isDay } from '../lib/days.ts'

/** The frame's part of the address bar. Copying the address reproduces the view; what equals the default is left out. */
export type FrameSearch = {
  /** slug of the business; left out: the one looked at last */
  b?: string
  /** preset period in days ending today; left out: 28 */
  days?: 7 | 28 | 90
  /** custom period, both ends included; wins over `days` */
  from?: string
  to?: string
  /** left out: the previous period */
  compare?: 'year' | 'none'
  channel?: Channel
  account?: string
  lang?: 'en' | 'fr'
  theme?: 'light' | 'dark'
  /** the rows drawer, open on one number */
  rows?: RowsSearch
}

/** What the drawer shows, with the title under which the number stood. */
export type RowsSearch = RowsInput & { title?: string }

export const periodDaysDefault = 28
/** The API refuses longer ones. */
export const periodDaysMax = 731

const channels: readonly string[] = [
  'MESSENGER',
  'INSTAGRAM',
  'WHATSAPP',
  'WEBHOOK',
  'SANDBOX',
  'SHOPIFY',
  'WOOCOMMERCE',
  'STRIPE',
]

/** Reads the frame's parameters; whatever is not valid is left out, so that an old link still opens. */
export function readFrameSearch(raw: Record<string, unknown>): FrameSearch {
  const days = Number(raw.days)
  const custom = isDay(raw.from) && isDay(raw.to) && isPeriod(raw.from, raw.to)
  return {
    ...(typeof raw.b === 'string' && raw.b !== '' ? { b: raw.b } : {}),
    ...(!custom && (days === 7 || days === 90) ? { days } : {}),
    ...(custom ? { from: raw.from as string, to: raw.to as string } : {}),
    ...(raw.compare === 'year' || raw.compare === 'none' ? { compare: raw.compare } : {}),
    ...(typeof raw.channel === 'string' && channels.includes(raw.channel) ? { channel: raw.channel as Channel } : {}),
    ...(typeof raw.account === 'string' && raw.account !== '' ? { account: raw.account } : {}),
    ...(raw.lang === 'en' || raw.lang === 'fr' ? { lang: raw.lang } : {}),
    ...(raw.theme === 'light' || raw.theme === 'dark' ? { theme: raw.theme } : {}),
    ...(isRows(raw.rows) ? { rows: raw.rows } : {}),
  }
}

/** Parameters that every link within the product carries along. The open drawer is not one of them. */
export const keptParameters = ['b', 'days', 'from', 'to', 'compare', 'channel', 'account', 'lang', 'theme'] as const

export type Period = { from: string; to: string; days: number; preset: 7 | 28 | 90 | null; compare: Compare }

/** The period of a view, on the business's calendar. */
export function periodOf(search: FrameSearch, today: string): Period {
  const compare: Compare =
    search.compare === 'year' ? 'PREVIOUS_YEAR' : search.compare === 'none' ? 'NONE' : 'PREVIOUS_PERIOD'
  if (search.from !== undefined && search.to !== undefined) {
    return {
      from: search.from,
      to: search.to,
      days: daysBetween(search.from, search.to) + 1,
      preset: null,
      compare,
    }
  }
  const days = search.days ?? periodDaysDefault
  return { from: addDays(today, 1 - days), to: today, days, preset: days, compare }
}

function isPeriod(from: string, to: string): boolean {
  const days = daysBetween(from, to) + 1
  return days >= 1 && days <= periodDaysMax
}

function isRows(value: unknown): value is RowsSearch {
  if (typeof value !== 'object' || value === null) return false
  const rows = value as Record<string, unknown>
  return typeof rows.metric === 'string' && isDay(rows.from) && isDay(rows.to)
}
