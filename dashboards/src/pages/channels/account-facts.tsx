import { Button } from '@mantine/core'
import { useTell } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { CheckSubscriptionDocument } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { Section } from '../../ui/page-header.tsx'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { useToast } from '../../ui/toast.tsx'
import type { Account } from './account.ts'
import style from './channels.module.css'
import { channelsText } from './text.ts'

/** What the health sentence was decided from, and asking Meta again. */
export function AccountFacts(props: { account: Account }) {
  const t = useText(channelsText)
  const c = useCommon()
  const format = useFormat()
  const { account } = props
  const { health } = account
  const facts: [string, string | null][] = [
    [t.id, `${c.channels[account.channel]} · ${account.externalId}`],
    [t.since, format.date(account.createdAt)],
    [t.usualGap, health.usualGapSeconds === null ? null : format.duration(health.usualGapSeconds)],
    [t.silentFrom, silence(health.silentFrom)],
  ]
  function silence(from: string | null): string | null {
    return from === null || Date.parse(from) < Date.now() ? null : t.silentFromText(format.dateTime(from))
  }
  return (
    <Section title={t.facts}>
      <dl className={style.facts}>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
        {account.channel === 'MESSENGER' ? <Subscription account={account} /> : null}
      </dl>
    </Section>
  )
}

function Subscription(props: { account: Account }) {
  const t = useText(channelsText)
  const format = useFormat()
  const business = useBusiness()
  const mayWrite = useCan('account.write')
  const toast = useToast()
  const say = useErrorSentence()
  const check = useTell(CheckSubscriptionDocument)
  const { id, health } = props.account
  const words: Record<string, string> = t.subscription
  const ask = () =>
    check
      .mutateAsync({ business: business.id, id })
      .catch((error: unknown) => toast({ text: say(error), tone: 'failed' }))
  return (
    <div>
      <dt>{t.meta}</dt>
      <dd className={style.subscription}>
        {health.subscription === null ? '—' : (words[health.subscription] ?? health.subscription)}
        {health.subscriptionCheckedAt === null ? null : (
          <span className="secondary"> · {t.checked(format.relative(health.subscriptionCheckedAt))}</span>
        )}
        {mayWrite ? (
          <Button
            variant="default"
            size="compact-sm"
            loading={check.isPending}
            disabled={health.subscriptionPending}
            onClick={() => void ask()}
          >
            {health.subscriptionPending ? t.asking : t.ask}
          </Button>
        ) : null}
      </dd>
    </div>
  )
}
