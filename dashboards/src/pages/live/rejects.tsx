import { useAsk } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { IntakeReasonsDocument, type IntakeReasonsQuery } from '../../generated/graphql.ts'
import { useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { Section } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { type Column, DataTable } from '../../ui/table/data-table.tsx'
import { reasonsOf } from '../channels/hours.ts'
import { type AccountReason, ReasonList } from '../channels/reason-list.tsx'
import { intakeText } from './intake-text.ts'

type Unknown = IntakeReasonsQuery['business']['intake']['unknownLastHour'][number]

const refreshEveryMs = 3_000

/** Why what came was not taken in, by account and reason, with what to do about it. */
export function Rejects() {
  const i = useText(intakeText)
  const t = i.rejects
  const business = useBusiness()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const asked = useAsk(IntakeReasonsDocument, { business: business.id, locale }, { refetchIntervalMs: refreshEveryMs })
  if (asked.isPending) return <ListSkeleton rows={6} />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  const { accounts, intake } = asked.data.business
  const rows: AccountReason[] = accounts
    .flatMap((account) => reasonsOf(account.counters).map((sum) => ({ ...sum, account })))
    .toSorted((a, b) => b.events - a.events)
  return (
    <>
      {rows.length === 0 ? (
        <EmptyState title={t.none} text={t.noneText} />
      ) : (
        <ReasonList label={i.part.rejects} rows={rows} withAccount />
      )}
      {intake.unknownLastHour.length === 0 ? null : <UnknownTable rows={intake.unknownLastHour} />}
    </>
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
