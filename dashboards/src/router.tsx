import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { Frame } from './frame/frame.tsx'
import { type FrameSearch, keptParameters, readFrameSearch } from './frame/search.ts'
import { readSignInSearch } from './pages/sign-in/search.ts'
import { Root } from './root.tsx'
import { NotFound, PageCrash } from './ui/state/route-states.tsx'
import { PageSkeleton } from './ui/state/skeletons.tsx'

const root = createRootRoute({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: PageCrash,
  validateSearch: (raw: Record<string, unknown>): FrameSearch => readFrameSearch(raw),
  search: { middlewares: [retainSearchParams<FrameSearch>([...keptParameters])] },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in/page.tsx'), 'SignInPage'),
})

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })

const index = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/overview', replace: true })
  },
})

// Each page is a chunk of its own; its search parameters are read by the page itself (usePageSearch).
const pages = [
  index,
  createRoute({
    getParentRoute: () => frame,
    path: '/overview',
    component: lazyRouteComponent(() => import('./pages/overview/page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/response-times',
    component: lazyRouteComponent(() => import('./pages/response-times/page.tsx'), 'ResponseTimesPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/retention',
    component: lazyRouteComponent(() => import('./pages/retention/page.tsx'), 'RetentionPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/campaigns',
    component: lazyRouteComponent(() => import('./pages/campaigns/page.tsx'), 'CampaignsPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/campaigns/new',
    component: lazyRouteComponent(() => import('./pages/campaigns/new-page.tsx'), 'NewCampaignPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/campaigns/$id',
    component: lazyRouteComponent(() => import('./pages/campaigns/report-page.tsx'), 'CampaignPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/conversations',
    component: lazyRouteComponent(() => import('./pages/conversations/page.tsx'), 'ConversationsPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/conversations/$id',
    component: lazyRouteComponent(() => import('./pages/conversations/page.tsx'), 'ConversationsPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/live',
    component: lazyRouteComponent(() => import('./pages/live/page.tsx'), 'LivePage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/live/$part',
    component: lazyRouteComponent(() => import('./pages/live/page.tsx'), 'LivePage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/intake',
    beforeLoad: () => {
      throw redirect({ to: '/live', replace: true })
    },
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/channels',
    component: lazyRouteComponent(() => import('./pages/channels/page.tsx'), 'ChannelsPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/channels/connect',
    component: lazyRouteComponent(() => import('./pages/channels/connect-page.tsx'), 'ConnectPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/channels/connect/$kind',
    component: lazyRouteComponent(() => import('./pages/channels/connect-page.tsx'), 'ConnectPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/channels/$id',
    component: lazyRouteComponent(() => import('./pages/channels/account-page.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/settings/channels',
    beforeLoad: () => {
      throw redirect({ to: '/channels', replace: true })
    },
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/settings',
    component: lazyRouteComponent(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: '/settings/$section',
    component: lazyRouteComponent(() => import('./pages/settings/page.tsx'), 'SettingsPage'),
  }),
] as const

const pendingAfterMs = 150

export const router = createRouter({
  routeTree: root.addChildren([signIn, frame.addChildren([...pages])]),
  defaultPreload: 'intent',
  defaultPendingMs: pendingAfterMs,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: PageCrash,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
