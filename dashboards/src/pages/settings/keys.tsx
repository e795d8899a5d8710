import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useAsk, useTell } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import {
  ApiKeysDocument,
  type ApiKeysQuery,
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
} from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { ErrorState, useErrorSentence } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { useToast } from '../../ui/toast.tsx'
import { doorsText } from './doors-text.ts'
import { Part } from './part.tsx'
import style from './settings.module.css'
import { ShownOnce } from './shown-once.tsx'
import { settingsText } from './text.ts'
import { useDo } from './use-do.ts'

type Key = ApiKeysQuery['business']['apiKeys'][number]

const scopes = [
  'analytics:read',
  'conversations:read',
  'events:write',
  'campaigns:write',
  'consent:write',
  'settings:write',
] as const
type Scope = (typeof scopes)[number]
const validDays = [30, 90, 365] as const

/** Keys for programs: made with scopes, shown once, revoked. */
export function Keys() {
  const t = useText(doorsText).keys
  const s = useText(settingsText)
  const business = useBusiness()
  const [creating, setCreating] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const [revoking, setRevoking] = useState<Key | null>(null)
  const asked = useAsk(ApiKeysDocument, { business: business.id })
  if (asked.isPending) return <ListSkeleton rows={3} />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  const keys = asked.data.business.apiKeys
  return (
    <Part title={s.keys} note={t.note} action={<Button onClick={() => setCreating(true)}>{t.create}</Button>}>
      {keys.length === 0 ? <EmptyState title={t.empty} text={t.emptyText} compact /> : null}
      <ul className={style.rows}>
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
        ))}
      </ul>
      <CreateKey
        opened={creating}
        onClose={() => setCreating(false)}
        onMade={(key) => {
          setCreating(false)
          setMade(key)
        }}
      />
      <ShownOnce title={t.made} value={made} onDone={() => setMade(null)} />
      <Revoke apiKey={revoking} onClose={() => setRevoking(null)} />
    </Part>
  )
}

function KeyRow(props: { apiKey: Key; onRevoke: () => void }) {
  const t = useText(doorsText).keys
  const format = useFormat()
  const { apiKey } = props
  const words: Record<string, string> = t.scope
  return (
    <li>
      <span className={style.rowMain}>
        <strong>
          {apiKey.name} <code className={style.keyStart}>{apiKey.start}…</code>
        </strong>
        <span className="secondary">{apiKey.scopes.map((scope) => words[scope] ?? scope).join(' · ')}</span>
        <span className="secondary">
          {t.created(format.date(apiKey.createdAt))} ·{' '}
          {apiKey.lastUsedAt === null ? t.unused : t.used(format.relative(apiKey.lastUsedAt))}
          {apiKey.expiresAt === null ? '' : ` · ${t.until(format.date(apiKey.expiresAt))}`}
        </span>
      </span>
      <Button variant="subtle" color="gray" aria-label={t.revokeLabel(apiKey.name)} onClick={props.onRevoke}>
        {t.revoke}
      </Button>
    </li>
  )
}

function CreateKey(props: { opened: boolean; onClose: () => void; onMade: (key: string) => void }) {
  const t = useText(doorsText).keys
  const c = useCommon()
  const toast = useToast()
  const say = useErrorSentence()
  const businessId = useBusiness().id
  const create = useTell(CreateApiKeyDocument)
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string[]>(['analytics:read'])
  const [days, setDays] = useState('90')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const expiresInDays = days === '' ? null : Number(days)
    try {
      const made = await create.mutateAsync({ input: { businessId, name, scopes: chosen, expiresInDays } })
      setName('')
      props.onMade(made.createApiKey.key)
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t.create}
      closeButtonProps={{ 'aria-label': c.common.close }}
    >
      <form className={style.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          label={t.name}
          placeholder={t.namePlaceholder}
          required
          withAsterisk={false}
          maxLength={80}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label={t.scopes} value={chosen} onChange={setChosen}>
          <div className={style.checks}>
            {scopes.map((scope: Scope) => (
              <Checkbox key={scope} value={scope} label={t.scope[scope]} description={scope} />
            ))}
          </div>
        </Checkbox.Group>
        <Select
          label={t.expires}
          data={[
            ...validDays.map((each) => ({ value: String(each), label: t.days(each) })),
            { value: '', label: t.never },
          ]}
          value={days}
          onChange={(value) => setDays(value ?? '')}
        />
        <Button type="submit" disabled={chosen.length === 0} loading={create.isPending}>
          {t.create}
        </Button>
      </form>
    </Modal>
  )
}

function Revoke(props: { apiKey: Key | null; onClose: () => void }) {
  const t = useText(doorsText).keys
  const business = useBusiness().id
  const revoke = useTell(RevokeApiKeyDocument)
  const attempt = useDo()
  const { apiKey, onClose } = props
  const name = apiKey?.name ?? ''
  const run = async () => {
    if (apiKey === null) return
    if (await attempt(() => revoke.mutateAsync({ business, id: apiKey.id }), t.revoked(name))) onClose()
  }
  return (
    <Confirm
      opened={apiKey !== null}
      title={t.revokeTitle(name)}
      action={t.revokeAction}
      danger
      busy={revoke.isPending}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <p>{t.revokeText}</p>
    </Confirm>
  )
}
