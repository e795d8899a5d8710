import { useFormat, useText } from '../../i18n/use-text.ts'
import { addDays, todayIn } from '../../lib/days.ts'
import { useNow } from '../../lib/use-now.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import style from './conversations.module.css'
import { conversationsText } from './text.ts'
import type { Entry, Mark, Message, Spell } from './timeline.ts'

/** One line of the thread, with its piece of the wait in the margin. */
export function ThreadEntry(props: { entry: Entry; next: Entry | undefined }) {
  const { entry, next } = props
  const goesOn = next?.mark != null && next.mark.spell === entry.mark?.spell
  return (
    <li className={style.entry} data-kind={entry.kind}>
      <Margin mark={entry.mark} goesOn={goesOn} />
      <div className={style.entryBody}>
        {entry.kind === 'day' ? <Day day={entry.day} /> : null}
        {entry.kind === 'message' ? <Bubble message={entry.message} /> : null}
        {entry.kind === 'note' ? <Note message={entry.message} /> : null}
        {entry.kind === 'waiting' ? <Pending spell={entry.spell} /> : null}
        {entry.mark?.closes === true ? <Ended spell={entry.mark.spell} /> : null}
      </div>
    </li>
  )
}

/** The wait as a line: a ring where it opens, a dot where it ends. */
function Margin(props: { mark: Mark | null; goesOn: boolean }) {
  const { mark } = props
  if (mark === null) return <span className={style.margin} aria-hidden="true" />
  return (
    <span
      className={style.margin}
      aria-hidden="true"
      data-outcome={mark.spell.outcome}
      data-opens={mark.opens}
      data-closes={mark.closes}
      data-goes-on={props.goesOn && !mark.closes}
    >
      {mark.opens || mark.closes ? <i /> : null}
    </span>
  )
}

function Day(props: { day: string }) {
  const t = useText(conversationsText)
  const format = useFormat()
  const today = todayIn(format.timeZone)
  const said =
    props.day === today ? t.today : props.day === addDays(today, -1) ? t.yesterday : format.dayLong(props.day)
  return (
    <h3 className={style.day}>
      <span>{said}</span>
    </h3>
  )
}

function Bubble(props: { message: Message }) {
  const t = useText(conversationsText)
  const format = useFormat()
  const { message } = props
  const role = message.role in t.role ? (message.role as keyof typeof t.role) : 'system'
  const seen = message.read === true ? t.read : message.delivered === true ? t.delivered : null
  return (
    <article className={style.bubble} data-role={role}>
      {role === 'bot' || role === 'campaign' ? <p className={style.by}>{t.role[role]}</p> : null}
      {role === 'customer' || role === 'human' ? <span className="visually-hidden">{t.role[role]}: </span> : null}
      <p className={style.text}>
        {message.text === '' ? (
          <em>
            {t.attachment}
            {message.detail === '' ? '' : ` · ${message.detail}`}
          </em>
        ) : (
          message.text
        )}
      </p>
      <p className={style.meta}>
        <time dateTime={message.at}>{format.time(message.at)}</time>
        {seen === null ? null : <span> · {seen}</span>}
      </p>
    </article>
  )
}

const noteIcons: Record<string, IconName> = {
  'order.created': 'check',
  'order.paid': 'check',
  'order.refunded': 'arrowDown',
  'consent.granted': 'key',
  'consent.revoked': 'close',
  'conversation.closed': 'check',
  'identity.unlinked': 'close',
  coupon: 'key',
  cart: 'check',
  form: 'check',
}

/** Orders, consent, buttons, reactions and what other systems tell: a quiet line in the same time. */
function Note(props: { message: Message }) {
  const t = useText(conversationsText)
  const format = useFormat()
  const { message } = props
  const words: Record<string, string> = { ...t.kinds, ...t.named }
  const named = words[`${message.kind}:${message.name}`]
  // A word of the business's own stands as it came.
  const own = message.kind === 'custom' && named === undefined ? message.name : ''
  const money = message.amount === null ? null : format.money(message.amount, message.currency ?? format.currency)
  const isConsent = message.kind.startsWith('consent.')
  const detail = message.detail === '' ? message.text : message.detail
  return (
    <p className={style.note} data-kind={message.kind}>
      <Icon name={noteIcons[message.kind] ?? 'info'} size={16} />
      <span>
        <strong>{named ?? words[message.kind] ?? message.kind}</strong>
        {own === '' ? null : ` · ${own}`}
        {money === null ? null : ` · ${money}`}
        {detail === '' ? null : ` · ${isConsent && detail === '*' ? t.everyTopic : detail}`}
      </span>
      <time dateTime={message.at}>{format.time(message.at)}</time>
    </p>
  )
}

/** What ended a wait, at its last message: how long it was, and by whom. */
function Ended(props: { spell: Spell }) {
  const t = useText(conversationsText)
  const format = useFormat()
  const { spell } = props
  const said = format.duration(spell.seconds)
  const answered = spell.outcome === 'ANSWERED'
  return (
    <p className={style.ended} data-outcome={spell.outcome}>
      <strong>{answered ? t.answered(said) : t.abandoned(said)}</strong>{' '}
      {answered ? t.answeredNote(spell.burst) : t.abandonedNote}
      <BotNote spell={spell} />
    </p>
  )
}

/** A wait that goes on: it grows while one looks. */
function Pending(props: { spell: Spell }) {
  const t = useText(conversationsText)
  const format = useFormat()
  const now = useNow(5_000)
  const waited = Math.max(0, (now - Date.parse(props.spell.openedAt)) / 1000)
  return (
    <p className={style.ended} data-outcome="WAITING">
      <strong>{t.waitingFor(format.duration(waited))}</strong> {t.waitingNote}
      <BotNote spell={props.spell} />
    </p>
  )
}

function BotNote(props: { spell: Spell }) {
  const t = useText(conversationsText)
  const format = useFormat()
  const { botAt, openedAt } = props.spell
  if (botAt === null) return null
  return <> · {t.botNote(format.duration((Date.parse(botAt) - Date.parse(openedAt)) / 1000))}</>
}
