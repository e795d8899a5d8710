import { ActionIcon } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { keyOf, useAsk } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { FailedEventsDocument, ReplayProgressDocument, type ReplayRowFragment } from '../../generated/graphql.ts'
import { useCommon, useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { Icon } from '../../ui/icons.tsx'
import { Section } from '../../ui/page-header.tsx'
import { intakeText } from './intake-text.ts'
import style from './live.module.css'

const progressEveryMs = 700

/** One replay as it goes, and its result in a sentence. It goes on when the page is left, and is found in the list below. */
export function ReplayRunning(props: { id: string; onClose: () => void }) {
  const t = useText(intakeText).replays
  const c = useCommon()
  const format = useFormat()
  const business = useBusiness()
  const client = useQueryClient()
  const locale = useLanguage() === 'fr' ? 'FR' : 'EN'
  const question = { business: business.id, id: props.id, locale } as const
  const [over, setOver] = useState(false)
  const asked = useAsk(ReplayProgressDocument, question, over ? {} : { refetchIntervalMs: progressEveryMs })
  const replay = asked.data?.business.replay
  const finished = replay !== undefined && replay.finishedAt !== null
  useEffect(() => {
    if (!finished) return
    setOver(true)
    void client.invalidateQueries({ queryKey: keyOf(FailedEventsDocument) })
  }, [finished, client])
  if (replay === undefined) return null
  return (
    <section className={style.running} aria-label={t.running} data-finished={finished}>
      <div>
        <p role="status">
          {finished
            ? replay.sentence
            : `${t.running} · ${t.progress(format.number(replay.done), format.number(replay.matched))}`}
        </p>
        {finished ? (
          <ActionIcon onClick={props.onClose} aria-label={c.common.close}>
            <Icon name="close" size={16} />
          </ActionIcon>
        ) : null}
      </div>
      <div className={style.bar} aria-hidden="true">
        <span style={{ width: `${finished || replay.matched === 0 ? 100 : (100 * replay.done) / replay.matched}%` }} />
      </div>
    </section>
  )
}

/** The last replays: who asked for them, and what they brought. */
export function ReplayHistory(props: { replays: readonly ReplayRowFragment[] }) {
  const t = useText(intakeText).replays
  const format = useFormat()
  if (props.replays.length === 0) return null
  return (
    <Section title={t.title}>
      <ul className={style.history}>
        {props.replays.map((replay) => (
          <li key={replay.id}>
            <span>{replay.sentence}</span>
            <span className="secondary">
              {replay.requestedBy === ''
                ? t.itself(format.dateTime(replay.requestedAt))
                : t.by(replay.requestedBy, format.dateTime(replay.requestedAt))}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
