import type { IconName } from '../ui/icons.tsx'

/** The pages of the rail, in its order. `phone` are the ones in the bar at the bottom of a small screen. */
export const pages = [
  { key: 'overview', to: '/overview', icon: 'overview', group: 0, phone: true },
  { key: 'responseTimes', to: '/response-times', icon: 'clock', group: 0, phone: true },
  { key: 'retention', to: '/retention', icon: 'loop', group: 0, phone: false },
  { key: 'campaigns', to: '/campaigns', icon: 'campaign', group: 1, phone: true },
  { key: 'conversations', to: '/conversations', icon: 'chat', group: 1, phone: true },
  { key: 'live', to: '/live', icon: 'live', group: 1, phone: false },
  { key: 'channels', to: '/channels', icon: 'plug', group: 1, phone: false },
  { key: 'settings', to: '/settings', icon: 'settings', group: 2, phone: false },
] as const satisfies readonly { key: string; to: string; icon: IconName; group: number; phone: boolean }[]

export type PageKey = (typeof pages)[number]['key']
