import { createHmac, randomUUID } from 'node:crypto'
import type { SandboxMessage, SandboxNetwork } from '@fidelio/channels/sandbox.ts'
import { type Clock, secondMs } from '@fidelio/core/time.ts'
import { findAccountRoutes } from '@fidelio/db/records/accounts.ts'
import type { WorkerDb } from '@fidelio/db/tenancy.ts'
import type { Vault } from '@fidelio/db/vault.ts'
import type { Logger } from 'pino'

export type SandboxListener = (message: SandboxMessage & { messageId: string; at: number }) => void

export type SandboxDeps = {
  worker: WorkerDb
  vault: Vault
  clock: Clock
  log: Logger
  /** where ingest listens: receipts come back as signed webhooks, like a provider's */
  ingestUrl: string
  /** the demo's people; without them the sandbox only confirms delivery */
  listener: SandboxListener | undefined
}

export type SandboxServer = SandboxNetwork &
  AsyncDisposable & {
    /** Resolves when every receipt so far has been posted. */
    flush(): Promise<void>
  }

const deliverSeconds = 0.3
const eventsPerBodyMax = 500
const triesMax = 5

/**
 * The network behind the sandbox channel: it takes every message, says under which id, and a moment later reports what was
 * sent and delivered by signed webhook. Nothing leaves the machine. Receipts still waiting when the process ends are lost,
 * as they may be with any provider.
 */
export function createSandboxNetwork(deps: SandboxDeps): SandboxServer {
  const waiting = new Map<string, (SandboxMessage & { messageId: string; at: number })[]>()
  let timer: NodeJS.Timeout | null = null
  let reporting: Promise<void> = Promise.resolve()

  const report = async () => {
    timer = null
    const taken = [...waiting]
    waiting.clear()
    for (const [account, messages] of taken) {
      for (let i = 0; i < messages.length; i += eventsPerBodyMax / 2) {
        await post(deps, account, messages.slice(i, i + eventsPerBodyMax / 2).flatMap(receipts))
      }
    }
  }
  const reportNow = () => {
    reporting = report().catch((error: unknown) =>
      deps.log.warn({ err: error }, 'sandbox receipts could not be posted'),
    )
  }
  return {
    async deliver(message) {
      const sent = { ...message, messageId: `sb_${randomUUID()}`, at: deps.clock.now().getTime() }
      deps.listener?.(sent)
      const queue = waiting.get(message.accountExternalId)
      if (queue) queue.push(sent)
      else waiting.set(message.accountExternalId, [sent])
      timer ??= setTimeout(reportNow, deliverSeconds * secondMs)
      return { messageId: sent.messageId }
    },
    async flush() {
      await reporting
      if (timer) {
        clearTimeout(timer)
        reportNow()
      }
      await reporting
    },
    async [Symbol.asyncDispose]() {
      if (timer) clearTimeout(timer)
      await reporting
    },
  }
}

/** The echo and the delivery of one message, in the generic envelope. */
function receipts({ recipient, text, sendId, messageId, at }: SandboxMessage & { messageId: string; at: number }) {
  const timestamp = new Date(at).toISOString()
  const contact = { externalId: recipient }
  return [
    { id: `${messageId}:sent`, type: 'message.sent', timestamp, contact, data: { messageId, sendId, text } },
    { id: `${messageId}:delivered`, type: 'message.delivered', timestamp, contact, data: { messageId, sendId } },
  ]
}

async function post(
  { worker, vault, clock, ingestUrl }: SandboxDeps,
  account: string,
  events: unknown[],
): Promise<void> {
  const [route] = await worker.tx((sql) => findAccountRoutes(sql, 'sandbox', [account]))
  const sealed = route?.secrets[0]
  if (!route || !sealed) return
  const secret = vault.open(sealed, { businessId: route.businessId, rowId: route.id })
  const body = JSON.stringify({ events })
  for (let attempt = 1; attempt <= triesMax; attempt += 1) {
    const id = `sandbox_${randomUUID()}`
    const seconds = Math.floor(clock.now().getTime() / secondMs)
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
    const response = await fetch(`${ingestUrl}/webhooks/sandbox/${account}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': `v1,${signature}`,
      },
      body,
    })
    if (response.ok) return
    if (response.status !== 503) throw new Error(`ingest answered ${response.status}`)
    await new Promise((resolve) => setTimeout(resolve, secondMs))
  }
}
