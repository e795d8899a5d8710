/** Messages and orders by local day, and which of those days were revised. */
import type { Language } from '@fidelio/core/metric.ts'
import type { VolumeDay } from '@fidelio/db/queries/types.ts'
import { volumes } from '@fidelio/db/queries/volumes.ts'
import { builder, can, reached } from './builder.ts'
import { BusinessRef } from './business.ts'
import { LocaleEnum } from './enums.ts'
import { FilterInput, filterOf, PeriodInput, periodOf } from './filter.ts'
import { DayRevisionRef, revisionOf } from './revision.ts'

type VolumeDayShape = VolumeDay & { lang: Language; timeZone: string }

const VolumeDayRef = builder.objectRef<VolumeDayShape>('VolumeDay').implement({
  authScopes: reached,
  fields: (t) => ({
    day: t.expose('day', { type: 'Date' }),
    received: t.exposeInt('received'),
    sentByHumans: t.exposeInt('sentByHumans'),
    sentByBots: t.exposeInt('sentByBots'),
    sentByCampaigns: t.exposeInt('sentByCampaigns'),
    orders: t.exposeInt('orders'),
    revision: t.field({
      type: DayRevisionRef,
      nullable: true,
      description: 'set when messages or orders of this day arrived after it had ended',
      resolve: (day) => revisionOf(day, 'volumes', day),
    }),
  }),
})

builder.objectField(BusinessRef, 'volumes', (t) =>
  t.field({
    type: [VolumeDayRef],
    authScopes: can('analytics.read'),
    complexity: { field: 50, multiplier: 90 },
    args: {
      period: t.arg({ type: PeriodInput, required: true }),
      filter: t.arg({ type: FilterInput }),
      locale: t.arg({ type: LocaleEnum, defaultValue: 'en' }),
    },
    resolve: async (here, { period, filter, locale }, { now }) => {
      const { timeZone } = here.record
      const asked = { timeZone, now, period: periodOf(period), filter: await filterOf(here, filter) }
      const days = await volumes(here.db, asked)
      return days.map((day) => ({ ...day, lang: locale ?? 'en', timeZone }))
    },
  }),
)
