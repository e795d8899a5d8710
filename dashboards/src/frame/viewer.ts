import { createContext, useContext } from 'react'
import type { ViewerQuery } from '../generated/graphql.ts'

export type Viewer = ViewerQuery['viewer']
export type Membership = Viewer['businesses'][number]
export type CurrentBusiness = Membership['business']

export type ViewerState = { viewer: Viewer; membership: Membership }

export const ViewerContext = createContext<ViewerState | null>(null)

/** Who is signed in and which of their businesses is looked at. Only within the frame. */
export function useViewer(): ViewerState {
  const state = useContext(ViewerContext)
  if (state === null) throw new Error('useViewer needs the frame around it')
  return state
}

/** The business that is looked at: id, name, slug, zone, currency, permissions. */
export function useBusiness(): CurrentBusiness {
  return useViewer().membership.business
}

/** Whether the person may do something in this business, e.g. `campaign.write`. The server decides again. */
export function useCan(permission: string): boolean {
  return useBusiness().permissions.includes(permission)
}
