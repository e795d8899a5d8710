import { Link } from '@tanstack/react-router'
import { useBusiness } from '../../frame/viewer.ts'
import type { FirstRunQuery } from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import { Icon } from '../../ui/icons.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import style from './overview.module.css'
import { overviewText } from './text.ts'

/** An empty business: what to do first. Each step turns green by itself once it is true. */
export function FirstRun(props: { business: FirstRunQuery['business'] }) {
  const t = useText(overviewText).firstRun
  const { name } = useBusiness()
  const { accounts, topics, members, invitations } = props.business
  const steps = [
    {
      to: accounts.length > 0 ? '/channels' : '/channels/connect',
      title: t.connect,
      text: accounts.length > 0 ? t.listening : t.connectText,
      done: accounts.length > 0,
    },
    { to: '/settings/opt-ins', title: t.optIns, text: t.optInsText, done: topics.some((topic) => topic.optedIn > 0) },
    { to: '/settings/members', title: t.invite, text: t.inviteText, done: members.length + invitations.length > 1 },
  ]
  return (
    <>
      <PageHeader title={t.title(name)} lead={t.lead} />
      <ol className={style.steps}>
        {steps.map((step, index) => (
          <li key={step.title}>
            <Link to={step.to} className={style.step}>
              <span className={style.stepMark} data-done={step.done}>
                {step.done ? <Icon name="check" size={18} /> : index + 1}
                {step.done ? <span className="visually-hidden">{t.done}</span> : null}
              </span>
              <span>
                <strong>{step.title}</strong>
                <span className={style.stepText}>{step.text}</span>
              </span>
              <Icon name="right" />
            </Link>
          </li>
        ))}
      </ol>
    </>
  )
}
