/** Hours and caps: what a business allows itself over all campaigns, and the window of one of them. */
import type { FrequencyCap, QuietHours, SendingWindow } from '@fidelio/core/sending-hours.ts'
import { type SendingPolicy, sendingPolicy, setSendingPolicy } from '@fidelio/db/records/sending-policy.ts'
import { targetBusiness } from '../context.ts'
import { invalid } from '../errors.ts'
import { builder, can, canIn, reached } from './builder.ts'
import { BusinessRef } from './business.ts'

export const SendingWindowRef = builder.objectRef<SendingWindow>('SendingWindow').implement({
  description: 'Hours of the person’s own day in which a campaign may send; weekdays 1 (Monday) to 7.',
  authScopes: reached,
  fields: (t) => ({
    from: t.exposeString('from'),
    to: t.exposeString('to'),
    weekdays: t.intList({ resolve: (window) => [...window.weekdays] }),
  }),
})

export const SendingWindowInput = builder.inputType('SendingWindowInput', {
  fields: (t) => ({
    from: t.string({ required: true }),
    to: t.string({ required: true }),
    weekdays: t.intList({ required: true }),
  }),
})

const QuietHoursRef = builder.objectRef<QuietHours>('QuietHours').implement({
  description: 'Hours of the person’s own day in which no offer goes out; they may run over midnight.',
  authScopes: reached,
  fields: (t) => ({ from: t.exposeString('from'), to: t.exposeString('to') }),
})

const FrequencyCapRef = builder.objectRef<FrequencyCap>('FrequencyCap').implement({
  description: 'At most so many offers per person within so many days of 24 hours, over all campaigns.',
  authScopes: reached,
  fields: (t) => ({ messages: t.exposeInt('messages'), days: t.exposeInt('days') }),
})

const SendingPolicyRef = builder.objectRef<SendingPolicy>('SendingPolicy').implement({
  authScopes: reached,
  fields: (t) => ({
    quietHours: t.expose('quiet', { type: QuietHoursRef, nullable: true }),
    frequencyCap: t.expose('cap', { type: FrequencyCapRef, nullable: true }),
  }),
})

builder.objectFields(BusinessRef, (t) => ({
  sendingPolicy: t.field({
    type: SendingPolicyRef,
    authScopes: can('campaign.read'),
    resolve: (here) => sendingPolicy(here.db),
  }),
}))

const QuietHoursInput = builder.inputType('QuietHoursInput', {
  fields: (t) => ({ from: t.string({ required: true }), to: t.string({ required: true }) }),
})
const FrequencyCapInput = builder.inputType('FrequencyCapInput', {
  fields: (t) => ({ messages: t.int({ required: true }), days: t.int({ required: true }) }),
})

builder.mutationField('setSendingPolicy', (t) =>
  t.field({
    type: SendingPolicyRef,
    description: 'Both are set as given: what is null or left out no longer holds. Counts from the next message on.',
    authScopes: canIn('settings.write'),
    args: {
      businessId: t.arg.id(),
      quietHours: t.arg({ type: QuietHoursInput }),
      frequencyCap: t.arg({ type: FrequencyCapInput }),
    },
    async resolve(_root, { businessId, quietHours, frequencyCap }, context) {
      const here = await context.open(targetBusiness(context.viewer, businessId))
      const policy = { quiet: quietHours ?? null, cap: frequencyCap ?? null }
      const [problem] = await setSendingPolicy(here.db, policy)
      if (problem) throw invalid(problem.field, problem.problem)
      return policy
    },
  }),
)
