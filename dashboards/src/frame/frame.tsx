import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react'
import { isApiError } from '../api/errors.ts'
import { useAsk } from '../api/hooks.ts'
import { FrameDocument, ViewerDocument } from '../generated/graphql.ts'
import { PlaceContext, useCommon } from '../i18n/use-text.ts'
import { readPreference } from '../lib/preferences.ts'
import { EmptyState } from '../ui/state/empty-state.tsx'
import { ErrorState } from '../ui/state/error-state.tsx'
import { FrameSkeleton } from '../ui/state/skeletons.tsx'
import style from './frame.module.css'
import { BottomBar, Rail } from './rail.tsx'
import { SignOutButton } from './sign-out.tsx'
import { TopBar } from './top-bar.tsx'
import { useFrameSearch } from './use-frame.ts'
import { type Membership, useBusiness, ViewerContext } from './viewer.ts'

const freshnessEveryMs = 30_000
/** Pages that are not about a period. */
const timeless = ['/settings', '/live', '/channels', '/conversations', '/campaigns']
const RowsDrawer = lazy(() => import('../ui/rows/rows-drawer.tsx').then((module) => ({ default: module.RowsDrawer })))

/** Everything around a page, and the doors to who is asking, which business and which period. */
export function Frame() {
  const t = useCommon()
  const asked = useAsk(ViewerDocument, {})
  const [search] = useFrameSearch()
  const state = useMemo(() => {
    if (asked.data === undefined) return null
    const membership = chosen(asked.data.viewer.businesses, search.b)
    return membership === null ? null : { viewer: asked.data.viewer, membership }
  }, [asked.data, search.b])

  if (asked.isPending) return <FrameSkeleton />
  if (asked.data === undefined) {
    if (isApiError(asked.error, 'UNAUTHENTICATED')) {
      return <ToSignIn />
    }
    return (
      <main className={style.main}>
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
      </main>
    )
  }
  if (state === null) {
    return (
      <main className={style.main}>
        <EmptyState title={t.frame.noBusiness} text={t.frame.noBusinessText} action={<SignOutButton />} />
      </main>
    )
  }
  return (
    <ViewerContext.Provider value={state}>
      <PlaceContext.Provider value={state.membership.business}>
        <Around />
      </PlaceContext.Provider>
    </ViewerContext.Provider>
  )
}

/** Leads to the sign-in page and back here: once, because while the router moves the address is no longer this one. */
function ToSignIn() {
  const { pathname, searchStr } = useLocation()
  const navigate = useNavigate()
  const gone = useRef(false)
  useEffect(() => {
    if (gone.current) return
    gone.current = true
    void navigate({ to: '/sign-in', search: { next: `${pathname}${searchStr}` }, replace: true })
  }, [navigate, pathname, searchStr])
  return <FrameSkeleton />
}

function Around() {
  const t = useCommon()
  const business = useBusiness()
  const location = useLocation()
  const [search] = useFrameSearch()
  const frame = useAsk(FrameDocument, { business: business.id }, { refetchIntervalMs: freshnessEveryMs })
  return (
    <div className={style.frame}>
      <a className={style.skip} href="#content">
        {t.frame.skip}
      </a>
      <Rail />
      <div className={style.column}>
        <TopBar
          frame={frame.data?.business}
          withPeriod={!timeless.some((path) => location.pathname.startsWith(path))}
        />
        <main id="content" className={style.main} tabIndex={-1}>
          <Outlet key={business.id} />
        </main>
      </div>
      <BottomBar />
      {search.rows === undefined ? null : (
        <Suspense>
          <RowsDrawer rows={search.rows} />
        </Suspense>
      )}
    </div>
  )
}

/** The business named in the address, else the one looked at last, else one with data to show. */
function chosen(memberships: Membership[], slug: string | undefined): Membership | null {
  const kept = slug ?? readPreference('business')
  return memberships.find((each) => each.business.slug === kept) ?? memberships[0] ?? null
}
