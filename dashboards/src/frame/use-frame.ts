import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { FilterInput, RowsRef } from '../generated/graphql.ts'
import { todayIn } from '../lib/days.ts'
import { type FrameSearch, type Period, periodOf, type RowsSearch, readFrameSearch } from './search.ts'
import { useBusiness } from './viewer.ts'

type Patch<T> = { [K in keyof T]?: T[K] | undefined }

/** The frame's parameters of the address bar, validated, and a way to change some of them. */
export function useFrameSearch(): [FrameSearch, (patch: Patch<FrameSearch>) => void] {
  return usePageSearch(readFrameSearch)
}

/**
 * A page's own parameters. `read` takes whatever the address says and gives only what is valid.
 *
 * ```ts
 * const [search, setSearch] = usePageSearch(readRetentionSearch)
 * setSearch({ grain: 'MONTH' })      // undefined removes a parameter
 * ```
 */
export function usePageSearch<T extends object>(
  read: (raw: Record<string, unknown>) => T,
): [T, (patch: Patch<T>, options?: { replace?: boolean }) => void] {
  const raw = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const search = useMemo(() => read(raw), [read, raw])
  const set = useCallback(
    (patch: Patch<T>, options: { replace?: boolean } = {}) => {
      void navigate({
        to: '.',
        search: (previous: Record<string, unknown>) => ({ ...previous, ...patch }),
        replace: options.replace ?? false,
        resetScroll: false,
      } as Parameters<typeof navigate>[0])
    },
    [navigate],
  )
  return [search, set]
}

/** The period looked at, on the business's calendar, with what the API wants to know of it. */
export function usePeriod(): Period & { input: { from: string; to: string } } {
  const [search] = useFrameSearch()
  const { timeZone } = useBusiness()
  const today = todayIn(timeZone)
  return useMemo(() => {
    const period = periodOf(search, today)
    return { ...period, input: { from: period.from, to: period.to } }
  }, [search, today])
}

/** The channel and account chosen in the frame, as the API takes them; null without any. */
export function useFilter(): FilterInput | null {
  const [search] = useFrameSearch()
  return useMemo(() => {
    if (search.channel === undefined && search.account === undefined) return null
    return { channel: search.channel ?? null, accountId: search.account ?? null }
  }, [search.channel, search.account])
}

/** Opens the drawer with the rows behind a number. Its state is in the address, so that a link opens it again. */
export function useOpenRows(): (rows: RowsSearch) => void {
  const [, set] = useFrameSearch()
  return useCallback((rows: RowsSearch) => set({ rows: withoutNulls(rows) }), [set])
}

/** What a metric says of its rows, as the drawer takes it. */
export function rowsOf(ref: RowsRef, title: string, filter: FilterInput | null = null): RowsSearch {
  const { __typename: _, ...input } = ref
  return withoutNulls({ ...input, title, filter })
}

function withoutNulls<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== undefined)) as T
}
