/** The whole schema: one noun per file, gathered here. */
import { lexicographicSortSchema } from 'graphql'
import { builder } from './builder.ts'
import './scalars.ts'
import './business.ts'
import './account.ts'
import './account-changes.ts'
import './account-health.ts'
import './intake-quota.ts'
import './person.ts'
import './key.ts'
import './contact.ts'
import './contact-merge.ts'
import './conversation.ts'
import './consent.ts'
import './metric.ts'
import './waiting.ts'
import './overview.ts'
import './response-times.ts'
import './retention.ts'
import './audience.ts'
import './rows.ts'
import './volumes.ts'
import './campaign.ts'
import './campaign-changes.ts'
import './campaign-schedule.ts'
import './lift.ts'
import './send.ts'
import './live.ts'
import './failed-event.ts'
import './replay.ts'
import './rebuild.ts'
import './node.ts'

builder.queryType({})
builder.mutationType({})
builder.subscriptionType({})

export const schema = lexicographicSortSchema(builder.toSchema())
