import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ask } from '../../api/client.ts'
import { ParkedAccountsDocument, type ParkedAccountsQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { useErrorSentence } from '../../ui/state/error-state.tsx'
import { type Column, DataTable } from '../../ui/table/data-table.tsx'
import { intakeText } from './intake-text.ts'
import style from './live.module.css'

type ParkedAccount = ParkedAccountsQuery['parkedAccounts'][number]

/** Accounts whose events wait. They belong to no business, so a person's own session never shows them. */
export function Parked() {
  const t = useText(intakeText).parked
  const say = useErrorSentence()
  const [key, setKey] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string | null>(null)
  const [accounts, setAccounts] = useState<readonly ParkedAccount[] | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setWrong(null)
    try {
      const answer = await ask(ParkedAccountsDocument, {}, undefined, key.trim())
      setAccounts(answer.parkedAccounts)
    } catch (error) {
      setWrong(say(error))
    }
    setBusy(false)
  }
  return (
    <>
      <form className={style.operator} onSubmit={(event) => void submit(event)} autoComplete="off">
        <PasswordInput
          label={t.key}
          description={t.keyNote}
          required
          withAsterisk={false}
          error={wrong}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" loading={busy}>
            {t.show}
          </Button>
        </div>
      </form>
      {accounts === null ? null : accounts.length === 0 ? (
        <EmptyState title={t.none} text={t.noneText} compact />
      ) : (
        <List accounts={accounts} />
      )}
    </>
  )
}

function List(props: { accounts: readonly ParkedAccount[] }) {
  const t = useText(intakeText).parked
  const c = useCommon()
  const format = useFormat()
  const columns: Column<ParkedAccount>[] = [
    {
      key: 'account',
      header: t.account,
      cell: ({ channel, externalId }) => `${c.channels[channel]} · ${externalId}`,
    },
    { key: 'app', header: t.app, cell: ({ metaAppName }) => metaAppName ?? t.appGone },
    { key: 'oldest', header: t.oldest, cell: ({ oldestAt }) => format.dateTime(oldestAt) },
    { key: 'newest', header: t.newest, cell: ({ newestAt }) => format.dateTime(newestAt) },
    {
      key: 'entries',
      header: t.entries,
      align: 'end',
      cell: ({ entries }) => format.number(entries),
      sort: ({ entries }) => entries,
    },
  ]
  return (
    <DataTable
      caption={t.list}
      columns={columns}
      rows={props.accounts}
      rowKey={({ channel, externalId }) => `${channel} ${externalId}`}
    />
  )
}
