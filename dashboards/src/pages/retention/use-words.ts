import { useMemo } from 'react'
import type { RetentionPeriod } from '../../generated/graphql.ts'
import { useFormat } from '../../i18n/use-text.ts'
import { dayToDate } from '../../lib/days.ts'

/** How cohorts are named: by their day, the Monday of their week, or their month. */
export function useWords(grain: RetentionPeriod): { cohort: (day: string) => string; count: (n: number) => string } {
  const format = useFormat()
  return useMemo(() => {
    const months = new Intl.DateTimeFormat(format.locale, { month: 'short', year: 'numeric', timeZone: 'UTC' })
    return {
      cohort: (day) => (grain === 'MONTH' ? months.format(dayToDate(day)) : format.day(day)),
      count: format.number,
    }
  }, [format, grain])
}
