import { Link, useParams } from '@tanstack/react-router'
import { useCan } from '../../frame/viewer.ts'
import type { Channel } from '../../generated/graphql.ts'
import { useText } from '../../i18n/use-text.ts'
import { Icon } from '../../ui/icons.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { settingsText } from '../settings/text.ts'
import { isMeta, isStore } from './account.ts'
import style from './channels.module.css'
import { guideText } from './guide-text.ts'
import { MetaForm } from './meta-form.tsx'
import { OwnForm } from './own-form.tsx'
import { StoreForm } from './store-form.tsx'
import { channelsText } from './text.ts'

const groups = [
  { key: 'talk', channels: ['MESSENGER', 'INSTAGRAM', 'WHATSAPP'] },
  { key: 'sell', channels: ['SHOPIFY', 'WOOCOMMERCE', 'STRIPE'] },
  { key: 'own', channels: ['WEBHOOK', 'SANDBOX'] },
] as const satisfies readonly { key: string; channels: readonly Channel[] }[]

const kinds: readonly Channel[] = groups.flatMap((group) => [...group.channels])

/** First the channel, then its form; the checklist waits on the page of the account that comes of it. */
export function ConnectPage() {
  const t = useText(guideText)
  const c = useText(channelsText)
  const s = useText(settingsText)
  const mayWrite = useCan('account.write')
  const params = useParams({ strict: false })
  const kind = kinds.find((each) => each.toLowerCase() === params.kind)
  return (
    <>
      <Link to={kind === undefined ? '/channels' : '/channels/connect'} className={style.back}>
        <Icon name="left" size={16} />
        {kind === undefined ? c.back : t.change}
      </Link>
      <PageHeader
        title={kind === undefined ? t.title : t.kinds[kind]}
        lead={kind === undefined ? t.lead : t.need[kind]}
      />
      {!mayWrite ? <EmptyState title={s.notAllowed} /> : kind === undefined ? <Kinds /> : <Form kind={kind} />}
    </>
  )
}

function Kinds() {
  const t = useText(guideText)
  return (
    <div className={style.kinds}>
      {groups.map((group) => (
        <section key={group.key} aria-labelledby={`kinds-${group.key}`}>
          <h2 id={`kinds-${group.key}`}>{t.groups[group.key]}</h2>
          <ul>
            {group.channels.map((kind) => (
              <li key={kind}>
                <Link to="/channels/connect/$kind" params={{ kind: kind.toLowerCase() }}>
                  <span>
                    <strong>{t.kinds[kind]}</strong>
                    <span>{t.what[kind]}</span>
                  </span>
                  <Icon name="right" size={18} />
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Form(props: { kind: Channel }) {
  const { kind } = props
  if (isMeta(kind)) return <MetaForm key={kind} kind={kind} />
  if (isStore(kind)) return <StoreForm key={kind} kind={kind} />
  return <OwnForm key={kind} kind={kind} />
}
