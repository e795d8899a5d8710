import { Button, Group, Modal, TextInput } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useAsk, useTell } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { AccountPageDocument, RenameAccountDocument } from '../../generated/graphql.ts'
import { useCommon, useLanguage, useText } from '../../i18n/use-text.ts'
import { keepUnits } from '../../lib/keep-units.ts'
import { Icon } from '../../ui/icons.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { PageSkeleton } from '../../ui/state/skeletons.tsx'
import { ShownOnce } from '../settings/shown-once.tsx'
import { useDo } from '../settings/use-do.ts'
import { type Account, stepsOf } from './account.ts'
import { AccountFacts } from './account-facts.tsx'
import { Arriving } from './arriving.tsx'
import style from './channels.module.css'
import { Day, Reasons } from './day.tsx'
import { useFreshSecret } from './fresh-secret.ts'
import { HealthWord } from './health.tsx'
import { Leave } from './leave.tsx'
import { Secrets } from './secrets.tsx'
import { Setup } from './setup.tsx'
import { channelsText } from './text.ts'

/** While somebody waits for a step to turn green, and otherwise. */
const refreshWaitingMs = 1_500
const refreshMs = 5_000

/** One account: how it is, how far connecting has got, what came in, its secrets, and leaving. */
export function AccountPage() {
  const { id = '' } = useParams({ strict: false })
  return <AccountById key={id} id={id} />
}

function AccountById(props: { id: string }) {
  const t = useText(channelsText)
  const mayWrite = useCan('account.write')
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const [complete, setComplete] = useState(false)
  const asked = useAsk(
    AccountPageDocument,
    { account: `ChannelAccount:${props.id}`, locale, mayWrite },
    { refetchIntervalMs: complete ? refreshMs : refreshWaitingMs, keepPrevious: false },
  )
  const node = asked.data?.node
  const account = node?.__typename === 'ChannelAccount' ? node : null
  const done = account !== null && stepsOf(account).every((step) => step.done)
  if (done !== complete) setComplete(done)
  if (asked.isPending) return <PageSkeleton />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  if (account === null) {
    return <EmptyState title={t.gone} action={<Link to="/channels">{t.back}</Link>} />
  }
  return <AccountShown account={account} />
}

function AccountShown(props: { account: Account }) {
  const t = useText(channelsText)
  const mayWrite = useCan('account.write')
  const { account } = props
  const [secret, setSecret] = useFreshSecret(account.id)
  const [copied, setCopied] = useState<string | null>(null)
  return (
    <>
      <Link to="/channels" className={style.back}>
        <Icon name="left" size={16} />
        {t.back}
      </Link>
      <PageHeader
        title={account.name}
        lead={
          <span className={style.lead}>
            <HealthWord state={account.health.state} />
            <span>{keepUnits(account.health.sentence)}</span>
          </span>
        }
        actions={
          mayWrite ? (
            <Group gap="xs">
              <Rename account={account} />
              <Leave account={account} />
            </Group>
          ) : undefined
        }
      />
      {mayWrite && account.status !== 'disconnected' ? <Setup account={account} secret={secret} /> : null}
      <Arriving accountId={account.id} lastEventAt={account.lastEventAt} />
      <Day account={account} />
      <Reasons account={account} />
      {mayWrite ? <Secrets account={account} onMade={setSecret} /> : null}
      <AccountFacts account={account} />
      <ShownOnce title={t.secret} value={secret === copied ? null : secret} onDone={() => setCopied(secret)} />
    </>
  )
}

function Rename(props: { account: Account }) {
  const t = useText(channelsText)
  const c = useCommon()
  const business = useBusiness()
  const rename = useTell(RenameAccountDocument)
  const run = useDo()
  const [name, setName] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const change = () => rename.mutateAsync({ business: business.id, id: props.account.id, name: name ?? '' })
    if (await run(change, t.renamed)) setName(null)
  }
  return (
    <>
      <Button variant="default" onClick={() => setName(props.account.name)}>
        {t.rename}
      </Button>
      <Modal
        opened={name !== null}
        onClose={() => setName(null)}
        title={t.rename}
        closeButtonProps={{ 'aria-label': c.common.close }}
      >
        <form onSubmit={(event) => void submit(event)}>
          <TextInput
            label={t.name}
            description={t.nameHint}
            required
            withAsterisk={false}
            maxLength={120}
            data-autofocus
            value={name ?? ''}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end" mt="lg">
            <Button type="submit" loading={rename.isPending}>
              {c.common.save}
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  )
}
