import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../../api/client.ts'
import type { ApiError } from '../../api/errors.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { CampaignsDocument, type CampaignsQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import { Icon } from '../../ui/icons.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { RowsButton } from '../../ui/rows/rows-button.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './campaigns.module.css'
import { Effect } from './effect.tsx'
import { useOpenStage } from './report/open-stage.ts'
import { Status } from './status.tsx'
import { campaignsText } from './text.ts'

type Connection = CampaignsQuery['business']['campaigns']
type Campaign = Connection['edges'][number]['node']

const pageRows = 20
const refreshEveryMs = 30_000
const movingRefreshMs = 3_000
const moving: readonly string[] = ['PLANNING', 'SENDING']

/** Every campaign: where it stands, what comes next, whom it reached and what it brought. */
export function CampaignsPage() {
  const t = useText(campaignsText)
  const c = useCommon()
  const mayWrite = useCan('campaign.write')
  const asked = useCampaigns()
  const rows = asked.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node)) ?? []
  const create = (
    <Button component={Link} to="/campaigns/new" leftSection={<Icon name="plus" size={16} />}>
      {rows.length === 0 ? t.emptyAction : t.create}
    </Button>
  )
  return (
    <>
      <PageHeader title={c.nav.campaigns} lead={t.lead} actions={mayWrite && rows.length > 0 ? create : undefined} />
      {asked.isPending ? <ListSkeleton rows={6} height={64} /> : null}
      {asked.isError && asked.data === undefined ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
      ) : null}
      {asked.data !== undefined && rows.length === 0 ? (
        <EmptyState title={t.emptyTitle} text={t.emptyText} action={mayWrite ? create : undefined} />
      ) : null}
      {rows.length === 0 ? null : <Campaigns rows={rows} />}
      {asked.hasNextPage ? (
        <Button variant="default" mt="md" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
          {t.more}
        </Button>
      ) : null}
    </>
  )
}

function useCampaigns() {
  const business = useBusiness().id
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  return useInfiniteQuery<Connection, ApiError, { pages: Connection[] }, readonly unknown[], string | null>({
    queryKey: ['Campaigns', business, locale],
    queryFn: ({ pageParam, signal }) =>
      ask(CampaignsDocument, { business, first: pageRows, after: pageParam, locale }, signal).then(
        (it) => it.business.campaigns,
      ),
    initialPageParam: null,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? last.pageInfo.endCursor : null),
    refetchInterval: ({ state }) => {
      const rows = state.data?.pages.flatMap((page) => page.edges) ?? []
      return rows.some((row) => moving.includes(row.node.status)) ? movingRefreshMs : refreshEveryMs
    },
  })
}

function Campaigns(props: { rows: readonly Campaign[] }) {
  const t = useText(campaignsText)
  const scale = scaleOf(props.rows)
  return (
    <table className={style.list}>
      <caption className="visually-hidden">{t.list}</caption>
      <thead>
        <tr>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.status}</th>
          <th scope="col">{t.next}</th>
          <th scope="col" data-align="end">
            {t.reach}
          </th>
          <th scope="col">
            {t.effect} <span className={style.quiet}>· {t.effectHint}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.id}>
            <td className={style.nameCell}>
              <Name campaign={row} />
            </td>
            <td className={style.statusCell}>
              <Status status={row.status} />
            </td>
            <td className={style.nextCell}>
              <Next campaign={row} />
            </td>
            <td data-align="end" className={style.reachCell}>
              {row.funnel === null ? (
                <span className={style.quiet}>–</span>
              ) : (
                <Reached campaign={row} sent={row.funnel.sent} />
              )}
            </td>
            <td className={style.effectCell}>
              <Effect lift={row.lift} scale={scale} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** How many it was sent to; opens them. */
function Reached(props: { campaign: Campaign; sent: number }) {
  const t = useText(campaignsText)
  const format = useFormat()
  const open = useOpenStage(props.campaign)
  const { sent } = props
  return (
    <RowsButton onOpen={sent === 0 ? null : () => open('sent', t.reach)} about={t.reach}>
      {t.people(sent, format.number(sent))}
    </RowsButton>
  )
}

function Name(props: { campaign: Campaign }) {
  const t = useText(campaignsText)
  const c = useCommon()
  const { campaign } = props
  const id = bareId(campaign.id)
  const under = (
    <span className="secondary">
      {c.channels[campaign.channel]} · {campaign.topic}
      {campaign.schedule?.rule ? ` · ${t.repeats}` : null}
      {campaign.series === null ? null : ` · ${t.oneRun}`}
    </span>
  )
  return campaign.status === 'DRAFT' ? (
    <Link to="/campaigns/new" search={(now) => ({ ...now, draft: id })} className={style.name}>
      <strong>{campaign.name}</strong>
      {under}
    </Link>
  ) : (
    <Link to="/campaigns/$id" params={{ id }} className={style.name}>
      <strong>{campaign.name}</strong>
      {under}
    </Link>
  )
}

function Next(props: { campaign: Campaign }) {
  const t = useText(campaignsText)
  const format = useFormat()
  const { status, statusReason, scheduledAt, finishedAt, funnel, lift, schedule } = props.campaign
  const reasons: Record<string, string> = t.reasons
  if (status === 'DRAFT') return t.draftNext
  if (status === 'SCHEDULED' && scheduledAt !== null) {
    const when = format.dateTime(scheduledAt)
    return schedule?.rule ? t.seriesNext(when) : t.scheduledNext(when)
  }
  if (status === 'HELD' && statusReason === 'paused') return t.pausedNext
  if (status === 'PLANNING') return t.planningNext
  if (status === 'SENDING') return t.sendingNext(format.number((funnel?.pending ?? 0) + (funnel?.held ?? 0)))
  if (status === 'HELD') {
    return (
      <>
        <span className={style.warm}>{t.heldNext}</span>
        <span className="secondary">{reasons[statusReason] ?? statusReason}</span>
      </>
    )
  }
  if (status === 'MISSED') {
    return (
      <>
        {t.missedNext}
        <span className="secondary">{reasons[statusReason] ?? statusReason}</span>
      </>
    )
  }
  if (status === 'CANCELLED') return t.cancelledNext
  const went = finishedAt ?? scheduledAt
  return (
    <>
      {went === null ? '' : t.doneNext(format.dateTime(went))}
      {lift?.state === 'PROVISIONAL' ? <span className="secondary">{t.measuring}</span> : null}
    </>
  )
}

/** One scale for all whiskers, zero within. */
function scaleOf(rows: readonly Campaign[]): { low: number; high: number } {
  const ends = rows.flatMap((row) => [row.lift?.extraOrdersLow ?? 0, row.lift?.extraOrdersHigh ?? 0])
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  const room = (high - low) * 0.04
  return { low: low - room, high: high + room }
}
