import { Link } from '@tanstack/react-router'
import { useAsk } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import { PersonDocument, type PersonQuery } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { bareId } from '../../lib/ids.ts'
import { Icon } from '../../ui/icons.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './conversations.module.css'
import { Merge } from './merge.tsx'
import { conversationsText } from './text.ts'

type Contact = PersonQuery['business']['contact']

const ordersShown = 8

/** Who it is: names on the channels, what they agreed to and the proof of it, what they bought. */
export function Person(props: { id: string; conversationId: string; shown: boolean; onClose: () => void }) {
  const t = useText(conversationsText)
  const c = useCommon()
  const business = useBusiness()
  const asked = useAsk(PersonDocument, { business: business.id, id: props.id }, { keepPrevious: false })
  const contact = asked.data?.business.contact
  return (
    <aside className={style.person} data-shown={props.shown} aria-label={t.details}>
      <button type="button" className={style.personClose} onClick={props.onClose} aria-label={c.common.close}>
        <Icon name="close" size={18} />
      </button>
      {asked.isPending ? <ListSkeleton rows={7} height={28} /> : null}
      {contact === undefined && asked.isError ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact />
      ) : null}
      {contact === undefined ? null : <About contact={contact} conversationId={props.conversationId} />}
    </aside>
  )
}

function About(props: { contact: Contact; conversationId: string }) {
  const t = useText(conversationsText)
  const c = useCommon()
  const format = useFormat()
  const { contact } = props
  const mayMerge = useCan('contact.merge')
  const others = contact.conversations.filter((each) => each.id !== props.conversationId)
  return (
    <>
      <h2>{contact.name || c.rows.unnamed}</h2>
      <p className="secondary">{t.since(format.date(contact.createdAt))}</p>
      <section>
        <h3>{t.consents}</h3>
        {contact.consents.length === 0 ? <p className={style.quiet}>{t.noConsents}</p> : null}
        {contact.consents.map((consent) => (
          <ConsentLine key={`${consent.channel}${consent.topic}`} consent={consent} />
        ))}
      </section>
      <Orders contact={contact} />
      <section>
        <h3>{t.identities}</h3>
        <dl className={style.identities}>
          {contact.identities.map((identity) => (
            <div key={`${identity.namespace}${identity.value}`}>
              <dt>{identity.namespace.split(':')[0]}</dt>
              <dd>{identity.value}</dd>
            </div>
          ))}
        </dl>
      </section>
      {mayMerge ? <Merge contactId={contact.id} name={contact.name || c.rows.unnamed} /> : null}
      {others.length === 0 ? null : (
        <section>
          <h3>{t.also}</h3>
          {others.map((each) => (
            <Link
              key={each.id}
              to="/conversations/$id"
              params={{ id: bareId(each.id) }}
              search={(kept) => kept}
              className={style.other}
            >
              {each.account.name} <span className="secondary">{c.channels[each.account.channel]}</span>
            </Link>
          ))}
        </section>
      )}
    </>
  )
}

function Orders(props: { contact: Contact }) {
  const t = useText(conversationsText)
  const format = useFormat()
  const { orders } = props.contact
  return (
    <section>
      <h3>
        {t.orders}
        {orders.length === 0 ? null : (
          <span className="secondary"> {t.ordersSum(orders.length, format.number(orders.length))}</span>
        )}
      </h3>
      {orders.length === 0 ? <p className={style.quiet}>{t.noOrders}</p> : null}
      <ul className={style.orders}>
        {orders.slice(0, ordersShown).map((order) => (
          <li key={order.orderId}>
            <span>{format.date(order.at)}</span>
            <span className={style.orderId}>{order.orderId}</span>
            <strong>{format.money(order.amount, order.currency)}</strong>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** One topic of one channel: the answer, and behind it each line of the ledger that led to it. */
function ConsentLine(props: { consent: Contact['consents'][number] }) {
  const t = useText(conversationsText)
  const c = useCommon()
  const format = useFormat()
  const { consent } = props
  const since = format.date(consent.since)
  return (
    <details className={style.consent} data-granted={consent.granted}>
      <summary>
        <Icon name={consent.granted ? 'check' : 'close'} size={16} />
        <span>
          <strong>{consent.topic === '*' ? t.everyTopic : consent.topic}</strong> · {c.channels[consent.channel]}
          <span className={style.answer}>{consent.granted ? t.granted(since) : t.revoked(since)}</span>
        </span>
        <span className={style.proof}>{t.proof}</span>
      </summary>
      <ol>
        {consent.ledger.map((line) => (
          <li key={`${line.recordedAt}${line.action}${line.topic}`}>
            <p>
              <strong>{line.action === 'GRANTED' ? t.ledgerGranted : t.ledgerRevoked}</strong> ·{' '}
              {format.dateTime(line.occurredAt)}
            </p>
            {line.wording === '' ? null : <blockquote>{line.wording}</blockquote>}
            <p className="secondary">
              {[line.source, line.actor].filter((part) => part !== '').join(' · ')} ·{' '}
              {t.recorded(format.dateTime(line.recordedAt))}
            </p>
          </li>
        ))}
      </ol>
    </details>
  )
}
