/** Secrets changed under traffic: nothing is refused during the overlap, and the old one is refused after it (reliability.md A3). */
import { signStandardWebhook } from '@fidelio/channels/standard-webhooks.ts'
import { hourMs } from '@fidelio/core/time.ts'
import { rotateAccountSecret } from '@fidelio/db/records/accounts.ts'
import { rotateMetaAppSecret } from '@fidelio/db/records/meta-apps.ts'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { messagesTo, now, openWorld, type World } from './ingest-support.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  return () => world[Symbol.asyncDispose]()
})
beforeEach(() => world.clock.set(now))

let serial = 0
const messages = (count: number) => Array.from({ length: count }, () => ({ from: '7', mid: `r${serial++}` }))
const orderBody = () =>
  Buffer.from(
    JSON.stringify({
      id: `e${serial++}`,
      type: 'order.paid',
      timestamp: new Date(now - 1000).toISOString(),
      contact: { externalId: 'c1' },
      data: { orderId: `o${serial}`, total: '19.90', currency: 'EUR' },
    }),
  )

describe('a secret changed under traffic', () => {
  const overlap = () => ({ at: world.clock.now(), hours: 24 })

  test('of a webhook: nothing is refused during the overlap, and the old one is refused after it', async () => {
    const shop = await world.createSandbox()
    await using ingest = world.createIngest()
    const send = async (secret: string) => {
      const rawBody = orderBody()
      const headers = signStandardWebhook(rawBody, secret, `w${serial++}`, world.clock.now().getTime())
      return (await ingest.acceptWebhook({ channel: 'sandbox', accountExternalId: shop.externalId, rawBody, headers }))
        .status
    }
    const statuses = [await send(shop.secret)]
    const { accountId: id, businessId } = shop
    const renewed = await world.stores
      .forWorker()
      .tx((sql) => rotateAccountSecret(sql, world.vault, { id, businessId, overlap: overlap() }))
    ingest.invalidate()
    for (let hour = 0; hour < 24; hour++) {
      statuses.push(await send(shop.secret), await send(renewed ?? ''))
      world.clock.advance(hourMs - 1)
    }
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    world.clock.advance(24)
    expect([await send(shop.secret), await send(renewed ?? '')]).toEqual([401, 200])
  })

  test('of a Meta app: as of a webhook, also after several changes in a row', async () => {
    const page = await world.createPage()
    await using ingest = world.createIngest()
    const secrets = [page.secret, 'second', 'third', 'fourth']
    const send = async (secret: string) =>
      (await ingest.acceptMeta(messagesTo({ ...page, secret }, messages(1)))).status
    expect(await send(page.secret)).toBe(200)
    for (const secret of secrets.slice(1)) {
      const change = { id: page.metaAppId, businessId: page.businessId, secret, overlap: overlap() }
      await world.stores.forWorker().tx((sql) => rotateMetaAppSecret(sql, world.vault, change))
      ingest.invalidate()
      world.clock.advance(hourMs)
    }
    expect(await Promise.all(secrets.map(send))).toEqual([200, 200, 200, 200])
    world.clock.advance(19 * hourMs)
    expect(await Promise.all(secrets.map(send))).toEqual([200, 200, 200, 200])
    // Each ends a day after the next took its place.
    for (const left of [3, 2, 1, 1]) {
      world.clock.advance(left === 3 ? 2 * hourMs : hourMs)
      const answers = await Promise.all(secrets.map(send))
      expect(answers).toEqual(secrets.map((_, index) => (index < secrets.length - left ? 401 : 200)))
    }
  })
})
