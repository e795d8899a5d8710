import { Menu, Tooltip, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import { useCommon } from '../i18n/use-text.ts'
import { Icon, Mark } from '../ui/icons.tsx'
import style from './frame.module.css'
import { pages } from './pages.ts'

/** The rail on the left; on narrower screens only its icons, with their names in tooltips. */
export function Rail() {
  const t = useCommon()
  const narrow = useMediaQuery('(max-width: 1180px)') ?? false
  return (
    <nav className={style.rail} aria-label={t.nav.label}>
      <Link to="/overview" className={style.brand} aria-label="Fidelio">
        <Mark />
        <span>Fidelio</span>
      </Link>
      {[0, 1, 2].map((group) => (
        <ul key={group} className={style.group}>
          {pages
            .filter((page) => page.group === group)
            .map((page) => (
              <li key={page.key}>
                <Tooltip label={t.nav[page.key]} position="right" disabled={!narrow}>
                  <Link to={page.to} className={style.item} activeProps={{ 'aria-current': 'page' }}>
                    <Icon name={page.icon} />
                    <span>{t.nav[page.key]}</span>
                  </Link>
                </Tooltip>
              </li>
            ))}
        </ul>
      ))}
    </nav>
  )
}

/** Five ways on a phone: the four busiest pages, and the rest behind "More". */
export function BottomBar() {
  const t = useCommon()
  const phone = useMediaQuery('(max-width: 640px)') ?? false
  if (!phone) return null
  return (
    <nav className={style.bottom} aria-label={t.nav.label}>
      {pages
        .filter((page) => page.phone)
        .map((page) => (
          <Link key={page.key} to={page.to} className={style.bottomItem} activeProps={{ 'aria-current': 'page' }}>
            <Icon name={page.icon} />
            {t.nav[page.key]}
          </Link>
        ))}
      <Menu position="top-end" withinPortal>
        <Menu.Target>
          <UnstyledButton className={style.bottomItem}>
            <Icon name="more" />
            {t.nav.more}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {pages
            .filter((page) => !page.phone)
            .map((page) => (
              <Menu.Item key={page.key} component={Link} to={page.to} leftSection={<Icon name={page.icon} />}>
                {t.nav[page.key]}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  )
}
