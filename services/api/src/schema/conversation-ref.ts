import type { ThreadSummary } from '@fidelio/db/queries/types.ts'
import { builder } from './builder.ts'

/** In a file of its own because contacts and conversations point at each other. */
export type ConversationShape = ThreadSummary & { businessId: string }
export const ConversationRef = builder.objectRef<ConversationShape>('Conversation')
