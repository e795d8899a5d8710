/** A business, and what changes it. The measures hang on it too: see measures.ts, campaign.ts, conversation.ts … */
import { randomUUID } from 'node:crypto'
import type { Channel } from '@fidelio/core/event.ts'
import { localDate } from '@fidelio/core/time.ts'
import { type BusinessHoursRecord, listBusinessHours, setBusinessHours } from '@fidelio/db/records/business-hours.ts'
import { createBusiness, deleteDemoBusiness, listBusinesses, updateBusiness } from '@fidelio/db/records/businesses.ts'
import { listTopics } from '@fidelio/db/records/contact-pages.ts'
import { deleteOrganization, putMember, putOrganization } from '@fidelio/db/records/people.ts'
import { ensurePerson } from '../auth/auth.ts'
import { type ApiContext, type Here, targetBusiness } from '../context.ts'
import { apiError, invalid } from '../errors.ts'
import { holidaysMax, requireWeek } from '../hours.ts'
import {
  requireCurrency,
  requireEmail,
  requireLocale,
  requireSlug,
  requireText,
  requireTimeZone,
  requireWithin,
  slugOf,
} from '../input.ts'
import { permissions } from '../roles.ts'
import { permissionsIn } from '../viewer.ts'
import { ChannelAccountRef } from './account.ts'
import { builder, can, canIn, known, operatorOnly, reached } from './builder.ts'
import { ChannelEnum } from './enums.ts'

export const BusinessRef = builder.objectRef<Here>('Business')

const TopicRef = builder
  .objectRef<{
    channel: Channel
    topic: string
    optedIn: number
  }>('Topic')
  .implement({
    description: 'A topic people can opt in to, with the number who did.',
    authScopes: reached,
    fields: (t) => ({
      channel: t.expose('channel', { type: ChannelEnum }),
      topic: t.exposeString('topic'),
      optedIn: t.exposeInt('optedIn'),
    }),
  })

const BusinessHoursRef = builder.objectRef<BusinessHoursRecord>('BusinessHours').implement({
  authScopes: reached,
  fields: (t) => ({
    validFrom: t.expose('validFrom', { type: 'Date' }),
    weekly: t.expose('weekly', { type: 'JSON' }),
    holidays: t.expose('holidays', { type: ['Date'] }),
  }),
})

builder.node(BusinessRef, {
  id: { resolve: (here) => here.businessId },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'record' in value && 'loaders' in value,
  authScopes: can('business.read'),
  fields: (t) => ({
    name: t.string({ resolve: (here) => here.record.name }),
    slug: t.string({ resolve: (here) => here.record.slug }),
    timeZone: t.string({ resolve: (here) => here.record.timeZone }),
    currency: t.string({ resolve: (here) => here.record.currency }),
    locale: t.string({ resolve: (here) => here.record.locale }),
    isDemo: t.boolean({ resolve: (here) => here.record.isDemo }),
    createdAt: t.field({ type: 'DateTime', resolve: (here) => here.record.createdAt.getTime() }),
    permissions: t.stringList({
      description: 'What the asking person or key may do here, e.g. campaign.write, member.write.',
      resolve: (here, _args, context) => {
        const held = permissionsIn(context.viewer, here.businessId)
        return permissions.filter((permission) => held.has(permission))
      },
    }),
    topics: t.field({
      type: [TopicRef],
      resolve: (here) => here.db.tx((sql) => listTopics(sql, here.businessId)),
    }),
    accounts: t.field({
      type: [ChannelAccountRef],
      resolve: (here) => here.loaders.accounts(),
    }),
    businessHours: t.field({
      type: [BusinessHoursRef],
      resolve: (here) => here.db.tx((sql) => listBusinessHours(sql, here.businessId)),
    }),
  }),
})

builder.queryField('business', (t) =>
  t.field({
    type: BusinessRef,
    description: "With an API key the id may be left out: the key's own business.",
    authScopes: known,
    args: { id: t.arg.id() },
    resolve: (_root, { id }, context) => context.open(targetBusiness(context.viewer, id)),
  }),
)

const CreateBusinessInput = builder.inputType('CreateBusinessInput', {
  fields: (t) => ({
    name: t.string({ required: true }),
    slug: t.string(),
    timeZone: t.string({ defaultValue: 'UTC' }),
    currency: t.string({ defaultValue: 'EUR' }),
    locale: t.string({ defaultValue: 'en' }),
    ownerEmail: t.string(),
    isDemo: t.boolean({ defaultValue: false, description: 'may be removed with removeDemo' }),
  }),
})

builder.mutationField('createBusiness', (t) =>
  t.field({
    type: BusinessRef,
    description: 'Operator: a new business; with ownerEmail that person becomes its owner.',
    authScopes: operatorOnly,
    args: { input: t.arg({ type: CreateBusinessInput, required: true }) },
    async resolve(_root, { input }, context) {
      const name = requireText('input.name', input.name, 120)
      const business = {
        id: randomUUID(),
        name,
        slug: input.slug ? requireSlug('input.slug', input.slug) : slugOf(name),
        timeZone: requireTimeZone('input.timeZone', input.timeZone ?? 'UTC'),
        currency: requireCurrency('input.currency', input.currency ?? 'EUR'),
        locale: requireLocale('input.locale', input.locale ?? 'en'),
        isDemo: input.isDemo ?? false,
      }
      const ownerEmail = input.ownerEmail ? requireEmail('input.ownerEmail', input.ownerEmail) : null
      const created = await context.worker.tx((sql) => createBusiness(sql, business))
      if (!created) throw apiError('CONFLICT', 'Another business has this slug.', { field: 'input.slug' })
      const owner = ownerEmail === null ? null : await ensurePerson(context.library, ownerEmail)
      await context.auth.tx(async (sql) => {
        await putOrganization(sql, created)
        if (owner) await putMember(sql, { businessId: created.id, userId: owner.id, role: 'owner' })
      })
      return context.open(created.id)
    },
  }),
)

const UpdateBusinessInput = builder.inputType('UpdateBusinessInput', {
  fields: (t) => ({
    businessId: t.id(),
    name: t.string(),
    timeZone: t.string(),
    currency: t.string(),
    locale: t.string(),
    episodeGapHours: t.int(),
  }),
})

builder.mutationField('updateBusiness', (t) =>
  t.field({
    type: BusinessRef,
    authScopes: canIn('settings.write'),
    args: { input: t.arg({ type: UpdateBusinessInput, required: true }) },
    async resolve(_root, { input }, context) {
      const here = await context.open(targetBusiness(context.viewer, input.businessId))
      const given = <I, O>(value: I | null | undefined, check: (value: I) => O): O | undefined =>
        value === null || value === undefined ? undefined : check(value)
      const change = {
        name: given(input.name, (name) => requireText('input.name', name, 120)),
        timeZone: given(input.timeZone, (zone) => requireTimeZone('input.timeZone', zone)),
        currency: given(input.currency, (currency) => requireCurrency('input.currency', currency)),
        locale: given(input.locale, (locale) => requireLocale('input.locale', locale)),
        episodeGapHours: given(input.episodeGapHours, (hours) => requireWithin('input.episodeGapHours', hours, 1, 168)),
      }
      const record = await here.db.tx((sql) => updateBusiness(sql, here.businessId, change))
      if (!record) throw new Error('A business vanished while it was changed.')
      await context.auth.tx((sql) => putOrganization(sql, record))
      return Object.assign(here, { record })
    },
  }),
)

builder.mutationField('removeDemo', (t) =>
  t.int({
    description: 'Removes every demo business you may remove, with everything it holds. Answers how many.',
    authScopes: known,
    async resolve(_root, _args, context) {
      const demos = (await visibleBusinesses(context)).filter(
        (here) => here.record.isDemo && permissionsIn(context.viewer, here.businessId).has('demo.remove'),
      )
      for (const { businessId } of demos) {
        await context.worker.tx((sql) => deleteDemoBusiness(sql, businessId))
        await context.auth.tx((sql) => deleteOrganization(sql, businessId))
        await context.eraseFacts(businessId)
      }
      if (demos.length > 0) {
        context.keys.forgetAll()
        context.invalidate()
      }
      return demos.length
    },
  }),
)

/** Every business of a person or key; all there are for the operator. Those being removed meanwhile are left out. */
export async function visibleBusinesses(context: ApiContext): Promise<Here[]> {
  const { viewer } = context
  const ids =
    viewer.kind === 'operator'
      ? (await context.worker.tx((sql) => listBusinesses(sql))).map((business) => business.id)
      : viewer.kind === 'person'
        ? [...viewer.roles.keys()]
        : viewer.kind === 'key'
          ? [viewer.businessId]
          : []
  return Promise.all(ids.map((id) => context.open(id)))
}

const BusinessHoursInput = builder.inputType('BusinessHoursInput', {
  fields: (t) => ({
    businessId: t.id(),
    validFrom: t.field({ type: 'Date', required: true }),
    weekly: t.field({ type: 'JSON', required: true }),
    holidays: t.field({ type: ['Date'] }),
  }),
})

builder.mutationField('setBusinessHours', (t) =>
  t.field({
    type: BusinessRef,
    description:
      'Opening hours from a day on, as a new version: days that are over keep the hours that were valid on them, unless they had none.',
    authScopes: canIn('settings.write'),
    args: { input: t.arg({ type: BusinessHoursInput, required: true }) },
    async resolve(_root, { input }, context) {
      const here = await context.open(targetBusiness(context.viewer, input.businessId))
      const holidays = [...new Set(input.holidays ?? [])].sort()
      if (holidays.length > holidaysMax) throw invalid('input.holidays', `At most ${holidaysMax} days.`)
      const weekly = requireWeek('input.weekly', input.weekly)
      const hours = { validFrom: input.validFrom, weekly, holidays }
      const today = localDate(context.now, here.record.timeZone)
      const outcome = await here.db.tx((sql) => setBusinessHours(sql, here.businessId, hours, today))
      if (outcome === 'past') {
        throw invalid('input.validFrom', 'Days that are over keep the hours they had. Choose today or a later day.')
      }
      return here
    },
  }),
)
