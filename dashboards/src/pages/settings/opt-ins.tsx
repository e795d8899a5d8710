import { Button, FileButton, Select, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useAsk, useTell } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import {
  type Channel,
  ImportConsentsDocument,
  type ImportConsentsMutation,
  TopicsDocument,
} from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { saveFile, toCsv } from '../../lib/csv.ts'
import { ErrorState, useErrorSentence } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { DataTable } from '../../ui/table/data-table.tsx'
import { useToast } from '../../ui/toast.tsx'
import { doorsText } from './doors-text.ts'
import { Part } from './part.tsx'
import style from './settings.module.css'
import { settingsText } from './text.ts'

type Result = ImportConsentsMutation['importConsents']

/** As the API: longer lists are split by the person, because each line is answered. */
const linesMax = 5000
const channels: Channel[] = ['SANDBOX', 'MESSENGER', 'INSTAGRAM', 'WHATSAPP']

/** Who agreed so far, and bringing in agreements made elsewhere, with their proof. */
export function OptIns() {
  const t = useText(doorsText).optIns
  const s = useText(settingsText)
  const c = useCommon()
  const format = useFormat()
  const business = useBusiness()
  const asked = useAsk(TopicsDocument, { business: business.id })
  if (asked.isPending) return <ListSkeleton rows={6} />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  const { topics } = asked.data.business
  return (
    <>
      <Part title={s.optIns} note={t.note}>
        <h3 className={style.sub}>{t.topics}</h3>
        {topics.length === 0 ? <p className="secondary">{t.noTopics}</p> : null}
        <ul className={style.rows}>
          {topics.map((topic) => (
            <li key={`${topic.channel}${topic.topic}`}>
              <span className={style.rowMain}>
                <strong>{topic.topic}</strong>
                <span className="secondary">{c.channels[topic.channel]}</span>
              </span>
              <span>{t.topicCount(topic.optedIn, format.number(topic.optedIn))}</span>
            </li>
          ))}
        </ul>
      </Part>
      <Part title={t.import}>
        <ImportForm />
      </Part>
    </>
  )
}

function ImportForm() {
  const t = useText(doorsText).optIns
  const c = useCommon()
  const format = useFormat()
  const toast = useToast()
  const say = useErrorSentence()
  const business = useBusiness().id
  const send = useTell(ImportConsentsDocument)
  const [proof, setProof] = useState({ channel: 'SANDBOX' as Channel, topic: 'offers', source: '', wording: '' })
  const [file, setFile] = useState<{ name: string; csv: string; lines: number } | null>(null)
  const [result, setResult] = useState<Result | null>(null)
  const set = (patch: Partial<typeof proof>) => setProof((now) => ({ ...now, ...patch }))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (file === null) return
    try {
      const answer = await send.mutateAsync({ business, input: { ...proof, csv: file.csv } })
      setResult(answer.importConsents)
      setFile(null)
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }
  return (
    <form className={style.form} onSubmit={(event) => void submit(event)}>
      <div className={style.pair}>
        <Select
          label={t.channel}
          data={channels.map((channel) => ({ value: channel, label: c.channels[channel] }))}
          value={proof.channel}
          onChange={(value) => set({ channel: (value ?? proof.channel) as Channel })}
        />
        <TextInput
          label={t.topic}
          placeholder={t.topicHint}
          required
          withAsterisk={false}
          value={proof.topic}
          onChange={(event) => set({ topic: event.currentTarget.value })}
        />
      </div>
      <TextInput
        label={t.source}
        description={t.sourceHint}
        required
        withAsterisk={false}
        maxLength={200}
        value={proof.source}
        onChange={(event) => set({ source: event.currentTarget.value })}
      />
      <Textarea
        label={t.wording}
        description={t.wordingHint}
        required
        withAsterisk={false}
        autosize
        minRows={3}
        maxLength={2000}
        value={proof.wording}
        onChange={(event) => set({ wording: event.currentTarget.value })}
      />
      <FileField file={file} onFile={setFile} />
      {(file?.lines ?? 0) > linesMax ? (
        <p role="alert" className={style.wrong}>
          {t.tooMany}
        </p>
      ) : null}
      <div>
        <Button
          type="submit"
          loading={send.isPending}
          disabled={file === null || file.lines === 0 || file.lines > linesMax}
        >
          {file === null ? t.import : t.run(file.lines, format.number(file.lines))}
        </Button>
      </div>
      {result === null ? null : <Outcome result={result} />}
    </form>
  )
}

type Picked = { name: string; csv: string; lines: number }

function FileField(props: { file: Picked | null; onFile: (file: Picked) => void }) {
  const t = useText(doorsText).optIns
  const format = useFormat()
  const read = async (file: File | null) => {
    if (file === null) return
    const csv = await file.text()
    // The header is no line of data; empty lines are none either.
    const lines = csv.split(/\r?\n/).filter((line) => line.trim() !== '').length - 1
    props.onFile({ name: file.name, csv, lines: Math.max(0, lines) })
  }
  const sample = () =>
    saveFile(
      'opt-ins-sample.csv',
      toCsv(
        ['externalId', 'email', 'phone', 'name', 'occurredAt'],
        [['customer-1042', 'marie@example.com', '', 'Marie Lefèvre', '2026-03-14T10:30:00Z']],
      ),
    )
  return (
    <div>
      <p className={style.label}>{t.file}</p>
      <p className="secondary">{t.fileHint}</p>
      <div className={style.file}>
        <FileButton accept=".csv,text/csv" onChange={(file) => void read(file)} inputProps={{ 'aria-label': t.file }}>
          {(button) => (
            <Button variant="default" {...button}>
              {t.fileChoose}
            </Button>
          )}
        </FileButton>
        {props.file === null ? null : (
          <span>
            {props.file.name}{' '}
            <span className="secondary">{t.fileLines(props.file.lines, format.number(props.file.lines))}</span>
          </span>
        )}
        <Button variant="subtle" onClick={sample}>
          {t.sample}
        </Button>
      </div>
    </div>
  )
}

function Outcome(props: { result: Result }) {
  const t = useText(doorsText).optIns
  const format = useFormat()
  const { accepted, duplicates, rejected } = props.result
  const reasons: Record<string, string> = t.reasons
  return (
    <div role="status">
      <p>
        <strong>{t.accepted(accepted, format.number(accepted))}</strong>
        {duplicates > 0 ? ` · ${t.duplicates(format.number(duplicates))}` : ''}
        {rejected.length > 0 ? ` · ${t.rejected(format.number(rejected.length))}` : ''}
      </p>
      {rejected.length === 0 ? null : (
        <DataTable
          caption={t.result}
          density="compact"
          rows={rejected}
          rowKey={(row) => String(row.line)}
          columns={[
            { key: 'line', header: t.line, width: '80px', cell: (row) => format.number(row.line) },
            { key: 'reason', header: t.reason, cell: (row) => reasons[row.reason] ?? row.reason },
          ]}
        />
      )}
    </div>
  )
}
