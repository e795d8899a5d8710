import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useAsk } from '../../api/hooks.ts'
import type { RowsSearch } from '../../frame/search.ts'
import { useFilter, usePageSearch, usePeriod } from '../../frame/use-frame.ts'
import { useBusiness } from '../../frame/viewer.ts'
import {
  type Channel,
  type ResponseGroupBy,
  ResponseGroupsDocument,
  type ResponseGroupsQuery,
} from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { ChartFrame } from '../../ui/chart/chart-frame.tsx'
import { smallBelow } from '../../ui/metric/metric-tile.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './places.module.css'
import { placesText } from './places-text.ts'
import { clockOf, kindOf, readResponseSearch, responderOf } from './search.ts'
import { useOpenWaits } from './sum-line.tsx'
import { toScale, waitAxis } from './wait-scale.ts'

type Group = ResponseGroupsQuery['business']['responseGroups'][number]
const sorts: readonly ResponseGroupBy[] = ['ACCOUNT', 'CHANNEL', 'APP']

/** The same waits by account, channel or app: a dot for the median, a whisker for what is likely. */
export function Places() {
  const t = useText(placesText)
  const format = useFormat()
  const business = useBusiness()
  const period = usePeriod()
  const filter = useFilter()
  const [search] = usePageSearch(readResponseSearch)
  const [by, setBy] = useState<ResponseGroupBy>('ACCOUNT')
  const asked = useAsk(ResponseGroupsDocument, {
    business: business.id,
    period: period.input,
    by,
    kind: kindOf(search),
    responder: responderOf(search),
    clock: clockOf(search),
    filter,
  })
  const groups = asked.data?.business.responseGroups
  const nameOf = useNameOf(by)
  const open = useOpenGroup(by, nameOf)
  const columns = useColumns(nameOf)
  if (groups === undefined) {
    return asked.isError ? (
      <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
    ) : (
      <ListSkeleton rows={4} />
    )
  }
  const longest = groups
    .filter((group) => group.n >= smallBelow && group.median !== null)
    .toSorted((a, b) => (b.median ?? 0) - (a.median ?? 0))[0]
  // A finding is told only where its whisker lies apart from all others.
  const others = groups.filter((group) => group !== longest && group.n > 0)
  const apart = (group: Group) => (group.medianHigh ?? Number.POSITIVE_INFINITY) < (longest?.medianLow ?? 0)
  const compared = others.length > 0 && others.every(apart)
  const title =
    longest?.median == null || !compared ? t.title : t.finding(nameOf(longest), format.duration(longest.median))
  return (
    <ChartFrame
      title={title}
      summary={t.summary}
      fileName="waits-by-place"
      definition={{ name: t.title, sentence: t.definition }}
      withoutPng
      controls={
        <SegmentedControl
          aria-label={t.by}
          value={by}
          onChange={(value) => setBy(sorts.find((each) => each === value) ?? 'ACCOUNT')}
          data={sorts.map((value) => ({ value, label: t[value] }))}
        />
      }
      table={{ rows: groups, rowKey: (group) => group.key, onRow: open, columns }}
    >
      <Whiskers groups={groups} nameOf={nameOf} onOpen={open} />
    </ChartFrame>
  )
}

function useNameOf(by: ResponseGroupBy): (group: Group) => string {
  const t = useText(placesText)
  const c = useCommon()
  return (group) => {
    if (by === 'ACCOUNT') return group.name ?? t.unknown
    if (by === 'APP') return group.key === '' ? t.noApp : group.key
    const channel = group.key.toUpperCase()
    return channel in c.channels ? c.channels[channel as Channel] : group.key
  }
}

function useOpenGroup(by: ResponseGroupBy, nameOf: (group: Group) => string): (group: Group) => void {
  const openWaits = useOpenWaits()
  const filter = useFilter()
  return (group) => {
    const more: Partial<RowsSearch> =
      by === 'ACCOUNT'
        ? { filter: { ...filter, accountId: group.key } }
        : by === 'CHANNEL'
          ? { filter: { ...filter, channel: group.key.toUpperCase() as Channel } }
          : { app: group.key }
    openWaits('waits', nameOf(group), more)
  }
}

function useColumns(nameOf: (group: Group) => string) {
  const t = useText(placesText)
  const format = useFormat()
  const time = (seconds: number | null) => (seconds === null ? '–' : format.duration(seconds))
  const column = (key: Exclude<keyof Group, '__typename'>, header: string, cell: (group: Group) => string) => ({
    key,
    header,
    align: 'end' as const,
    cell,
    csv: (group: Group) => group[key],
    sort: (group: Group) => group[key],
  })
  return [
    { key: 'place', header: t.place, cell: nameOf, csv: nameOf, sort: nameOf },
    column('median', t.median, (group) => time(group.median)),
    column('medianLow', t.low, (group) => time(group.medianLow)),
    column('medianHigh', t.high, (group) => time(group.medianHigh)),
    column('p90', t.p90, (group) => time(group.p90)),
    column('within15Min', t.within, (group) => format.percent(group.within15Min)),
    column('n', t.n, (group) => format.number(group.n)),
    column('answered', t.answered, (group) => format.number(group.answered)),
    column('waiting', t.waiting, (group) => format.number(group.waiting)),
    column('abandoned', t.abandoned, (group) => format.number(group.abandoned)),
  ]
}

/** One line per group over the log of the wait, on one scale. */
function Whiskers(props: {
  groups: readonly Group[]
  nameOf: (group: Group) => string
  onOpen: (group: Group) => void
}) {
  const t = useText(placesText)
  const format = useFormat()
  const { groups, nameOf } = props
  const axis = useMemo(() => {
    const known = groups.flatMap(({ median, medianLow, medianHigh }) =>
      [median, medianLow, medianHigh].filter((each) => each !== null),
    )
    return known.length === 0 ? null : waitAxis(known, format)
  }, [groups, format])
  const place = (seconds: number) =>
    axis === null ? 0 : Math.min(100, Math.max(0, (100 * (toScale(seconds) - axis.min)) / (axis.max - axis.min)))
  return (
    <>
      <ul className={style.groups}>
        {groups.map((group) => {
          const { median, medianLow, medianHigh } = group
          const said = median === null ? t.notReached : format.duration(median)
          const limits =
            medianLow === null || medianHigh === null
              ? ''
              : `, ${t.interval(format.duration(medianLow), format.duration(medianHigh))}`
          return (
            <li key={group.key}>
              <button type="button" onClick={() => props.onOpen(group)} data-small={group.n < smallBelow}>
                <span className={style.name}>{nameOf(group)}</span>
                <span className={style.track} aria-hidden="true">
                  {medianLow === null ? null : (
                    <i
                      data-open={medianHigh === null}
                      style={{
                        left: `${place(medianLow)}%`,
                        width: `${(medianHigh === null ? 100 : place(medianHigh)) - place(medianLow)}%`,
                      }}
                    />
                  )}
                  {median === null ? null : <b style={{ left: `${place(median)}%` }} />}
                </span>
                <span className={style.value}>
                  {said}
                  <span className="visually-hidden">{limits}</span>
                </span>
                <span className={style.count}>{t.people(group.n, format.number(group.n))}</span>
              </button>
            </li>
          )
        })}
      </ul>
      {axis === null ? null : (
        <p className={style.axis} aria-hidden="true">
          <span className={style.track}>
            {axis.marks.map((mark) => {
              const at = (100 * (mark - axis.min)) / (axis.max - axis.min)
              return (
                // Labels at the ends stay within the track.
                <span key={mark} style={{ left: `${at}%`, transform: `translateX(-${at}%)` }}>
                  {axis.say(mark)}
                </span>
              )
            })}
          </span>
        </p>
      )}
    </>
  )
}
