import { Menu, UnstyledButton } from '@mantine/core'
import type { FrameQuery } from '../generated/graphql.ts'
import { useCommon } from '../i18n/use-text.ts'
import { writePreference } from '../lib/preferences.ts'
import { Icon } from '../ui/icons.tsx'
import { useTheme } from './appearance.ts'
import { Filters } from './filters.tsx'
import { Find } from './find.tsx'
import style from './frame.module.css'
import { Freshness } from './freshness.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { PeriodPicker } from './period-picker.tsx'
import { useSignOut } from './sign-out.tsx'
import { useFrameSearch } from './use-frame.ts'
import { useViewer } from './viewer.ts'

/** What applies to the whole view. Pages without figures (settings, live) hide the period and the filters. */
export function TopBar(props: { frame: FrameQuery['business'] | undefined; withPeriod: boolean }) {
  return (
    <header className={style.top}>
      <BusinessSwitcher />
      {props.withPeriod ? (
        <div className={style.controls}>
          <span className={`${style.divider} ${style.topDivider}`} />
          <PeriodPicker />
          <Filters accounts={props.frame?.accounts ?? []} />
        </div>
      ) : null}
      <div className={style.rest}>
        {props.frame === undefined ? null : <Freshness freshness={props.frame.freshness} />}
        <Find />
        <LanguageSwitch />
        <PersonMenu />
      </div>
    </header>
  )
}

function BusinessSwitcher() {
  const t = useCommon()
  const { viewer, membership } = useViewer()
  const [, setSearch] = useFrameSearch()
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <UnstyledButton
          className={`${style.control} ${style.business}`}
          aria-label={`${t.frame.business}: ${membership.business.name}`}
        >
          <span>{membership.business.name}</span>
          <Icon name="chevron" size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {viewer.businesses.map(({ business, role }) => (
          <Menu.Item
            key={business.id}
            rightSection={business.id === membership.business.id ? <Icon name="check" size={16} /> : null}
            onClick={() => {
              writePreference('business', business.slug)
              setSearch({ b: business.slug, channel: undefined, account: undefined, rows: undefined })
            }}
          >
            {business.name}
            <div className="secondary">
              {t.roles[role]}
              {business.isDemo ? ` · ${t.frame.demo}` : ''}
            </div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function PersonMenu() {
  const t = useCommon()
  const { viewer } = useViewer()
  const { choice, choose } = useTheme()
  const shownName = viewer.name || viewer.email || '?'
  const leave = useSignOut()
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton
          className={`${style.control} ${style.square}`}
          aria-label={`${initials(shownName)} · ${t.frame.account_}`}
        >
          <span className={style.avatar}>{initials(shownName)}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {viewer.name}
          {viewer.email !== null && viewer.email !== viewer.name ? <div>{viewer.email}</div> : null}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t.frame.theme}</Menu.Label>
        {(['light', 'dark', 'system'] as const).map((each) => (
          <Menu.Item
            key={each}
            closeMenuOnClick={false}
            rightSection={choice === each ? <Icon name="check" size={16} /> : null}
            onClick={() => choose(each)}
          >
            {t.frame[each]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={leave}>{t.frame.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function initials(name: string): string {
  const parts = name.split(/[\s@.]+/).filter((part) => part !== '')
  return `${parts[0]?.[0] ?? ''}${parts[1]?.[0] ?? ''}`.toUpperCase()
}
