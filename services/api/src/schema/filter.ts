import type { Channel } from '@fidelio/core/event.ts'
import type { Filter, Period } from '@fidelio/db/queries/types.ts'
import type { Here } from '../context.ts'
import { invalid } from '../errors.ts'
import { requireAccount } from './account.ts'
import { builder, reached } from './builder.ts'
import { ChannelEnum } from './enums.ts'

/** Two years and a day: a year compared with the year before. */
export const periodDaysMax = 732

export const PeriodInput = builder.inputType('PeriodInput', {
  description: 'Days are local to the business; both ends are included.',
  fields: (t) => ({
    from: t.field({ type: 'Date', required: true }),
    to: t.field({ type: 'Date', required: true }),
  }),
})

export const FilterInput = builder.inputType('FilterInput', {
  fields: (t) => ({ channel: t.field({ type: ChannelEnum }), accountId: t.id() }),
})

export const PeriodRef = builder.objectRef<Period>('Period').implement({
  authScopes: reached,
  fields: (t) => ({ from: t.expose('from', { type: 'Date' }), to: t.expose('to', { type: 'Date' }) }),
})

/** @throws VALIDATION for a period that ends before it begins, or is too long. */
export function periodOf(period: Period, field = 'period'): Period {
  const days = (Date.parse(period.to) - Date.parse(period.from)) / 86_400_000 + 1
  if (days < 1) throw invalid(field, 'The period ends before it begins.')
  if (days > periodDaysMax) throw invalid(field, `At most ${periodDaysMax} days.`)
  return { from: period.from, to: period.to }
}

type FilterShape = { channel?: Channel | null | undefined; accountId?: string | null | undefined }

/** The account must be this business's; otherwise it does not exist. */
export async function filterOf(here: Here, filter: FilterShape | null | undefined): Promise<Filter | undefined> {
  if (!filter) return undefined
  const account = filter.accountId ? await requireAccount(here.loaders, filter.accountId) : null
  return {
    ...(filter.channel ? { channel: filter.channel } : {}),
    ...(account ? { accountId: account.id } : {}),
  }
}
