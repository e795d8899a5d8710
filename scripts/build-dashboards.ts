import { createDashboardSite } from '@fidelio/server/dashboard-site.ts'
import { createLog } from '@fidelio/server/telemetry.ts'

/** Builds the dashboards ahead of the first start: what the image does. */
await createDashboardSite(createLog('info')).built
