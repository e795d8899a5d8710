import { Link } from '@tanstack/react-router'
import { useCan } from '../../frame/viewer.ts'
import type { OverviewQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import { Icon } from '../../ui/icons.tsx'
import style from './overview.module.css'
import { overviewText } from './text.ts'

type Overview = OverviewQuery['business']['overview']

export function NextCampaign(props: { campaign: Overview['nextCampaign'] }) {
  const t = useText(overviewText)
  const c = useCommon()
  const format = useFormat()
  const mayWrite = useCan('campaign.write')
  const { campaign } = props
  return (
    <section>
      <div className={style.blockHead}>
        <h2>{t.next}</h2>
      </div>
      {campaign === null ? (
        <p className={style.quiet}>
          {t.nextNone} {mayWrite ? <Link to="/campaigns/new">{t.nextPlan}</Link> : null}
        </p>
      ) : (
        <Link to="/campaigns/$id" params={{ id: bareId(campaign.id) }} className={style.next}>
          <span className={style.nextWhen}>
            {campaign.scheduledAt === null ? t.unscheduled : format.dateTime(campaign.scheduledAt)}
          </span>
          <span className={style.nextName}>{campaign.name}</span>
          <span className="secondary">
            {c.channels[campaign.channel]} · {campaign.topic}
          </span>
        </Link>
      )}
    </section>
  )
}

export function NeedsYou(props: { notices: Overview['needsYou'] }) {
  const t = useText(overviewText)
  return (
    <section>
      <div className={style.blockHead}>
        <h2>{t.needsYou}</h2>
      </div>
      {props.notices.length === 0 ? <p className={style.quiet}>{t.needsNothing}</p> : null}
      <ul className={style.notices}>
        {props.notices.map((notice) => (
          <li key={`${notice.kind}${notice.text}`} className={style.notice}>
            <Icon name="warn" size={18} />
            <span>{notice.text}</span>
            {notice.link === null ? null : <NoticeLink href={notice.link} label={t.open} about={notice.text} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The API names a path of ours, perhaps with parameters; the router takes both and carries the business along. */
function NoticeLink(props: { href: string; label: string; about: string }) {
  const [path, query] = props.href.split('?')
  const asked = Object.fromEntries([...new URLSearchParams(query)].map(([key, value]) => [key, numberOr(value)]))
  return (
    <Link
      to={(path ?? '/overview') as '/overview'}
      search={(now) => ({ ...now, ...asked })}
      aria-label={`${props.label}: ${props.about}`}
    >
      {props.label}
    </Link>
  )
}

/** The router writes numbers plainly and quotes texts that look like one. */
function numberOr(value: string): string | number {
  return /^\d{1,9}$/.test(value) ? Number(value) : value
}
