/** The walk's steps at the door: connecting, watching it turn green, secrets, failed events. Registered by walk.test.ts. */
import { randomUUID } from 'node:crypto'
import { signStandardWebhook } from '@fidelio/channels/standard-webhooks.ts'
import type { BrowserContext, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { seriousFindings, sidewaysOverflow } from '../support/axe.ts'
import { collectComplaints, sizes, switchScheme } from '../support/browser.ts'
import type { Product } from '../support/product.ts'
import { textOf } from './walk-support.ts'

const business = 'maison-lumiere'
/** A name of its own, so that the walk also finds its account where somebody has walked before. */
const till = `Till ${randomUUID().slice(0, 8)}`
const itsFailure = { name: new RegExp(`data\\.total.*${till}`) }
/** Counters are written every three seconds, on a busy machine somewhat later. */
const greenMs = 30_000

type Door = { address: string; secret: string }

/** @param world what the walk opened; the context is of the demo's owner, signed in */
export function intakeSteps(world: () => { product: Product; context: BrowserContext }): void {
  let door: Door

  test('a webhook is connected step by step, and the steps turn green as signed events arrive', async () => {
    const { product, context } = world()
    const page = await context.newPage()
    const complaints = collectComplaints(page)
    await page.goto(`${product.url}/channels?b=${business}`)
    await page.getByRole('main').getByRole('link', { name: 'Connect a channel' }).click()
    await page.getByRole('link', { name: /^Signed webhook/ }).click()
    await page.getByLabel('Name in Fidelio').fill(till)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    const secret = await takeSecret(page)
    await page.getByRole('heading', { level: 1, name: till }).waitFor()
    door = { secret, address: await textOf(page.getByRole('main').locator('code').first()) }
    expect(door.address).toContain('/webhooks/webhook/')

    const step = (name: string) => page.getByRole('listitem').filter({ hasText: name }).first()
    for (const name of ['The first signed delivery came', 'The first event is stored']) {
      expect(await step(name).getAttribute('data-done'), name).toBe('false')
    }
    expect(await post(door, { type: 'order.created', contact: who, data: order('w-1', '19.90') })).toBe(200)
    for (const name of ['The first signed delivery came', 'The first event is stored']) {
      await expect.poll(() => step(name).getAttribute('data-done'), { timeout: greenMs, message: name }).toBe('true')
    }
    const arriving = page.getByRole('list', { name: 'Events, newest first' })
    await arriving.getByText('Order', { exact: true }).waitFor({ timeout: greenMs })
    await page.getByRole('button', { name: 'Send a test event' }).click()
    await arriving.getByText('test.event').waitFor({ timeout: greenMs })
    expect(complaints.all).toEqual([])
    await page.close()
  })

  test('a secret is changed without a gap, a wrong signature is counted in words, and leaving is asked for', async () => {
    const { product, context } = world()
    const page = await context.newPage()
    const complaints = collectComplaints(page)
    await page.goto(`${product.url}/channels?b=${business}`)
    await page.getByRole('link', { name: new RegExp(till) }).click()
    const stranger = { ...door, secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }
    expect(await post(stranger, { type: 'test.event' })).toBe(401)
    await page.getByRole('listitem').filter({ hasText: 'The signature does not hold' }).waitFor({ timeout: greenMs })

    await page.getByRole('button', { name: 'Change the secret' }).click()
    await fits(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Change the secret' }).click()
    const renewed = await takeSecret(page)
    expect(renewed).not.toBe(door.secret)
    await page.getByText(/The former secret is accepted too, until/).waitFor()
    for (const secret of [door.secret, renewed]) {
      expect(await post({ ...door, secret }, { type: 'test.event' })).toBe(200)
    }
    door = { ...door, secret: renewed }

    await page.getByRole('button', { name: 'Disconnect' }).click()
    await fits(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
    const again = page.getByRole('button', { name: 'Connect again' })
    await again.waitFor()
    await expect.poll(() => post(door, { type: 'test.event' }), { timeout: greenMs }).toBe(404)
    await again.click()
    await page.getByRole('button', { name: 'Disconnect' }).waitFor()
    await expect.poll(() => post(door, { type: 'test.event' }), { timeout: greenMs }).toBe(200)
    expect(complaints.all).toEqual([])
    await page.close()
  })

  test('a failed event says what is wrong, is corrected, replayed and stored', async () => {
    const { product, context } = world()
    const page = await context.newPage()
    const complaints = collectComplaints(page)
    const broken = { type: 'order.created', contact: who, data: order('w-2', 'ten') }
    expect(await post(door, broken)).toBe(200)
    await page.goto(`${product.url}/live/failed?b=${business}`)
    const list = page.getByRole('list', { name: 'Failed events, newest first' })
    await list.getByRole('button', itsFailure).click()
    await fits(page)
    const dialog = page.getByRole('dialog')
    const payload = dialog.getByLabel('What came')
    expect(JSON.parse(await payload.inputValue())).toEqual(broken)
    await payload.fill('{ "type": ')
    await dialog.getByText(/This is not JSON yet/).waitFor()
    await payload.fill(JSON.stringify({ ...broken, data: order('w-2', '10.00') }))
    await dialog.getByRole('button', { name: 'Replay the correction' }).click()
    await page.getByText('1 replayed: 1 stored, 0 failed again.').first().waitFor({ timeout: greenMs })
    await list.getByRole('button', itsFailure).waitFor({ state: 'hidden', timeout: greenMs })
    await page.getByText('Replayed', { exact: true }).click()
    await list.getByRole('button', itsFailure).waitFor({ timeout: greenMs })
    expect(complaints.all).toEqual([])
    await page.close()
  })
}

const who = { email: 'walker@shop.example' }
const order = (orderId: string, total: string) => ({ orderId, total, currency: 'EUR' })

/** Reads the secret in its dialog, which must be accessible, and closes it as a person does. */
async function takeSecret(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog', { name: 'Signing secret' })
  const secret = await textOf(dialog.locator('code').first())
  expect(secret).toMatch(/^whsec_/)
  await fits(page)
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await dialog.waitFor({ state: 'hidden' })
  return secret
}

/** The dialog that is open has no serious finding in either theme and is not too wide for a phone. */
async function fits(page: Page): Promise<void> {
  await page.getByRole('dialog').waitFor()
  for (const colorScheme of ['dark', 'light'] as const) {
    await switchScheme(page, colorScheme)
    expect(await seriousFindings(page), colorScheme).toEqual([])
  }
  await page.setViewportSize(sizes.phone)
  expect(await sidewaysOverflow(page)).toBe(0)
  await page.setViewportSize(sizes.desk)
}

let deliveries = 0

/** One delivery as a sender makes it; gives the status of the answer. */
async function post(door: Door, event: { type: string; [field: string]: unknown }): Promise<number> {
  const body = JSON.stringify(event)
  deliveries += 1
  const headers = signStandardWebhook(body, door.secret, `walk_${deliveries}`, Date.now())
  const response = await fetch(door.address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return response.status
}
