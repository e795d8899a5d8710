import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useBusiness } from '../../frame/viewer.ts'
import { useText } from '../../i18n/use-text.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/state/empty-state.tsx'
import { General } from './general.tsx'
import { Hours } from './hours.tsx'
import { Keys } from './keys.tsx'
import { Members } from './members.tsx'
import { Offers } from './offers.tsx'
import { OptIns } from './opt-ins.tsx'
import style from './settings.module.css'
import { settingsText } from './text.ts'

const sections = [
  { key: 'general', path: 'business', needs: null },
  { key: 'hours', path: 'hours', needs: null },
  { key: 'offers', path: 'offers', needs: 'campaign.read' },
  { key: 'members', path: 'members', needs: 'member.read' },
  { key: 'keys', path: 'keys', needs: 'key.write' },
  { key: 'optIns', path: 'opt-ins', needs: 'consent.write' },
] as const

const bodies: Record<(typeof sections)[number]['key'], () => ReactNode> = {
  general: General,
  hours: Hours,
  offers: Offers,
  members: Members,
  keys: Keys,
  optIns: OptIns,
}

/** One part at a time; which one is in the address. */
export function SettingsPage() {
  const t = useText(settingsText)
  const { permissions } = useBusiness()
  const { section } = useParams({ strict: false })
  const chosen = sections.find((each) => each.path === section) ?? sections[0]
  const Body = bodies[chosen.key]
  const allowed = chosen.needs === null || permissions.includes(chosen.needs)
  return (
    <>
      <PageHeader title={t.title} />
      <div className={style.layout}>
        <nav aria-label={t.sections} className={style.nav}>
          <ul>
            {sections.map((each) => (
              <li key={each.key}>
                <Link
                  to="/settings/$section"
                  params={{ section: each.path }}
                  aria-current={each.key === chosen.key ? 'page' : undefined}
                >
                  {t[each.key]}
                </Link>
              </li>
            ))}
            <li>
              <Link to="/channels">{t.channels}</Link>
            </li>
          </ul>
        </nav>
        <div className={style.body}>{allowed ? <Body /> : <EmptyState title={t.notAllowed} />}</div>
      </div>
    </>
  )
}
