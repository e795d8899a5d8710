import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { IntakeReasonsDocument, type IntakeReasonsQuery } from '../../generated/graphql.ts'
import { useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import { Section } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { type Column, DataTable } from '../../ui/table/data-table.tsx'
import { type ReasonSum, reasonsOf } from '../channels/hours.ts'
import { outcomeText } from '../channels/outcome-text.ts'
import { intakeText } from './intake-text.ts'

type Unknown = IntakeReasonsQuery['business']['intake']['unknownLastHour'][number]
type Row = ReasonSum & { account: { id: string; name: string } }

const refreshEveryMs = 3_000

/** Why what came was not taken in, by account and reason, with what to do about it. */
export function Rejects() {
  const t = useText(intakeText).rejects
  const business = useBusiness()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const asked = useAsk(IntakeReasonsDocument, { business: business.id, locale }, { refetchIntervalMs: refreshEveryMs })
  if (asked.isPending) return <ListSkeleton rows={6} />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  const { accounts, intake } = asked.data.business
  const rows: Row[] = accounts
    .flatMap((account) => reasonsOf(account.counters).map((sum) => ({ ...sum, account })))
    .toSorted((a, b) => b.events - a.events)
  return (
    <>
      {rows.length === 0 ? <EmptyState title={t.none} text={t.noneText} /> : <ReasonTable rows={rows} />}
      {intake.unknownLastHour.length === 0 ? null : <UnknownTable rows={intake.unknownLastHour} />}
    </>
  )
}

function ReasonTable(props: { rows: readonly Row[] }) {
  const t = useText(intakeText)
  const o = useText(outcomeText)
  const format = useFormat()
  const [reasons, outcomes, advice]: Record<string, string>[] = [o.reasons, o.outcomes, o.advice]
  const columns: Column<Row>[] = [
    {
      key: 'why',
      header: t.rejects.why,
      cell: ({ reason }) => reasons?.[reason] ?? reason,
      csv: ({ reason }) => reason,
      width: '30%',
    },
    {
      key: 'account',
      header: t.rejects.account,
      cell: ({ account }) => (
        <Link to="/channels/$id" params={{ id: bareId(account.id) }}>
          {account.name}
        </Link>
      ),
      sort: ({ account }) => account.name,
    },
    { key: 'what', header: t.rejects.what, cell: ({ outcome }) => outcomes?.[outcome] ?? outcome },
    { key: 'advice', header: t.rejects.advice, cell: ({ reason }) => advice?.[reason] ?? '', width: '32%' },
    {
      key: 'count',
      header: t.rejects.count,
      align: 'end',
      sort: ({ events }) => events,
      cell: ({ outcome, events, account }) =>
        outcome === 'failed' ? (
          <Link to="/live/$part" params={{ part: 'failed' }} search={(now) => ({ ...now, through: account.id })}>
            {format.number(events)}
          </Link>
        ) : (
          format.number(events)
        ),
    },
  ]
  return (
    <DataTable
      caption={t.part.rejects}
      columns={columns}
      rows={props.rows}
      rowKey={(row) => `${row.account.id} ${row.outcome} ${row.reason}`}
    />
  )
}

/** Kinds this version does not know: kept, counted, and no reason to worry. */
function UnknownTable(props: { rows: readonly Unknown[] }) {
  const t = useText(intakeText).rejects
  const format = useFormat()
  const columns: Column<Unknown>[] = [
    { key: 'why', header: t.unknownWhy, cell: ({ label }) => <code>{label}</code> },
    { key: 'count', header: t.unknownCount, cell: ({ count }) => format.number(count), align: 'end' },
  ]
  return (
    <Section title={t.unknown} note={t.unknownNote}>
      <DataTable caption={t.unknown} columns={columns} rows={props.rows} rowKey={({ reason }) => reason} />
    </Section>
  )
}
