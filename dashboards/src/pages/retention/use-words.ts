import { useMemo } from 'react'
import { useFormat, useText } from '../../i18n/use-text.ts'
import { dayToDate } from '../../lib/days.ts'
import type { Retention } from './page.tsx'
import { retentionText } from './text.ts'

export type Words = {
  cohort: (day: string) => string
  count: (n: number) => string
  column: (column: number) => string
}

/** How cohorts are named, by their day, the first day of their week, or their month; and columns, by where they look. */
export function useWords({ grain, looks }: Pick<Retention, 'grain' | 'looks'>): Words {
  const t = useText(retentionText)
  const format = useFormat()
  return useMemo(() => {
    const months = new Intl.DateTimeFormat(format.locale, { month: 'short', year: 'numeric', timeZone: 'UTC' })
    return {
      cohort: (day) => (grain === 'MONTH' ? months.format(dayToDate(day)) : format.day(day)),
      count: format.number,
      column: (column) => {
        const look = looks.find((each) => each.column === column)
        return look === undefined || look.to === null || look.to === look.from
          ? t.column[grain](look?.from ?? column)
          : t.columns[grain](look.from, look.to)
      },
    }
  }, [t, format, grain, looks])
}
