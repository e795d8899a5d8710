import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { AccountCardsDocument, type AccountCardsQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import { keepUnits } from '../../lib/keep-units.ts'
import { useNow } from '../../lib/use-now.ts'
import { Icon } from '../../ui/icons.tsx'
import { PageHeader, Section } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './channels.module.css'
import { HealthWord, needsYou } from './health.tsx'
import { HourStrip } from './hour-bars.tsx'
import { lastHours, totalOf } from './hours.ts'
import { channelsText } from './text.ts'

type Business = AccountCardsQuery['business']
type Account = Business['accounts'][number]

const refreshEveryMs = 5_000

/** Every account with how it is in words and what came in through it; the way to connect more. */
export function ChannelsPage() {
  const t = useText(channelsText)
  const format = useFormat()
  const business = useBusiness()
  const mayWrite = useCan('account.write')
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const asked = useAsk(
    AccountCardsDocument,
    { business: business.id, locale, mayWrite },
    { refetchIntervalMs: refreshEveryMs },
  )
  const accounts = asked.data?.business.accounts ?? []
  const needing = accounts.filter((account) => needsYou(account.health.state)).length
  const waiting = accounts.filter((account) => account.health.state === 'WAITING').length
  const lead =
    asked.data === undefined || accounts.length === 0
      ? t.none
      : needing > 0
        ? t.needs(needing, format.number(needing), format.number(accounts.length))
        : waiting > 0
          ? t.someWait(waiting, format.number(waiting), format.number(accounts.length))
          : t.allWell(accounts.length, format.number(accounts.length))
  const connect = mayWrite ? (
    <Button component={Link} to="/channels/connect" leftSection={<Icon name="plus" size={16} />}>
      {t.connect}
    </Button>
  ) : null
  return (
    <>
      <PageHeader title={t.title} lead={lead} actions={connect} />
      {asked.isPending ? <ListSkeleton rows={4} height={88} /> : null}
      {asked.isError && asked.data === undefined ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
      ) : null}
      {asked.data !== undefined && accounts.length === 0 ? (
        <EmptyState title={t.empty} text={t.emptyText} action={connect} />
      ) : null}
      {accounts.length === 0 ? null : (
        <ul className={style.cards} aria-label={t.accounts}>
          {accounts.toSorted(byNeed).map((account) => (
            <Card key={account.id} account={account} />
          ))}
        </ul>
      )}
      {asked.data === undefined ? null : <Usage business={asked.data.business} />}
    </>
  )
}

/** Those that need somebody first; otherwise as they were connected. */
function byNeed(a: Account, b: Account): number {
  return Number(needsYou(b.health.state)) - Number(needsYou(a.health.state))
}

function Card(props: { account: Account }) {
  const t = useText(channelsText)
  const c = useCommon()
  const format = useFormat()
  const now = useNow(60_000)
  const { account } = props
  const hours = lastHours(account.counters, now)
  const accepted = totalOf(hours, 'accepted')
  const others = totalOf(hours, 'dropped', 'failed', 'refused')
  return (
    <li>
      <Link to="/channels/$id" params={{ id: bareId(account.id) }} className={style.card}>
        <span className={style.cardWho}>
          <strong>{account.name}</strong>
          <span className="secondary">
            {c.channels[account.channel]} · {account.externalId}
          </span>
        </span>
        <span className={style.cardHealth}>
          <HealthWord state={account.health.state} />
          <span className={style.sentence}>{keepUnits(account.health.sentence)}</span>
        </span>
        <span className={style.cardDay}>
          <HourStrip hours={hours} />
          <span className="secondary">
            <span className="num">{t.events(accepted, format.number(accepted))}</span>
            {others > 0 ? <span className={style.others}> · {t.notTaken(format.number(others))}</span> : null}
          </span>
          <span className="secondary">
            {account.health.state === 'HEALTHY' || account.health.state === 'WAITING'
              ? t.day
              : account.lastEventAt === null
                ? t.never
                : t.last(format.relative(account.lastEventAt, now))}
          </span>
        </span>
        <Icon name="right" size={18} />
      </Link>
    </li>
  )
}

/** What the business may send in, and how much of it is used today. */
function Usage(props: { business: Business }) {
  const t = useText(channelsText)
  const format = useFormat()
  const { intakeQuota: quota, intakeUsage: usage } = props.business
  return (
    <Section title={t.usage}>
      <dl className={style.usage}>
        <div>
          <dt>{t.today}</dt>
          <dd>{format.number(usage.today)}</dd>
          {quota.eventsPerDay === null ? null : (
            <dd className={style.meter} aria-hidden="true">
              <span style={{ width: `${Math.min(100, (100 * usage.today) / quota.eventsPerDay)}%` }} />
            </dd>
          )}
          <dd className="secondary">
            {quota.eventsPerDay === null ? t.noLimit : t.limit(format.number(quota.eventsPerDay))}
            {' · '}
            {t.todayNote(format.time(usage.dayEndsAt))}
          </dd>
        </div>
        <div>
          <dt>{t.paceNote}</dt>
          <dd>{quota.eventsPerSecond === null ? t.paceNone : t.pace(format.number(quota.eventsPerSecond))}</dd>
          {quota.eventsPerSecond === null ? null : <dd className="secondary">{t.paceText}</dd>}
        </div>
        <div>
          <dt>{t.waiting}</dt>
          <dd>{format.number(usage.deferredEvents)}</dd>
          <dd className="secondary">{t.waitingNote}</dd>
        </div>
        <div>
          <dt>{t.refused}</dt>
          <dd>{format.number(usage.refusedLastHour)}</dd>
          <dd className="secondary">{t.refusedNote}</dd>
        </div>
      </dl>
    </Section>
  )
}
