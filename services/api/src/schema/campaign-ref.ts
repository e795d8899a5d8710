import type { CampaignRecord } from '@fidelio/db/records/campaigns.ts'
import { builder } from './builder.ts'

export const CampaignRef = builder.objectRef<CampaignRecord>('Campaign')
