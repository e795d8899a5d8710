/** The channels a campaign can go out on, behind one shape, so that the scheduler knows no provider. */
import type { Channel } from '@fidelio/core/event.ts'
import { type HttpClient, undiciHttp } from './http.ts'
import { messengerTextCharactersMax, sendMessenger } from './messenger-send.ts'
import { checkSubscription, type SubscriptionOutcome } from './meta-subscription.ts'
import { type SandboxNetwork, sandboxTextCharactersMax, sendSandbox } from './sandbox.ts'
import type { SendOutcome } from './send-outcome.ts'

/** One message to one person. */
export type OutgoingMessage = {
  accountExternalId: string
  /** The channel's id of the person: the value of the identity in the account's namespace. */
  recipient: string
  text: string
  /** Our id of this send; comes back as `send:<id>` in the refs of the echo or receipt. */
  sendId: string
  messagingType: 'RESPONSE' | 'UPDATE'
}

/** Opened secrets of the account; empty for the sandbox. */
export type AccountCredentials = { accessToken?: string; appSecret?: string }

export type ChannelCapabilities = {
  /** In UTF-16 units, the stricter reading of "characters". */
  textCharactersMax: number
  /** The channel tells when a message was delivered and read. */
  receipts: boolean
  /** The channel gives our send id back, so that an unknown send can be resolved. */
  echoesSendId: boolean
}

/** What may be sent, and when, is dated data (`permission_rules`), not a capability. */
export type ChannelAdapter = {
  channel: Channel
  capabilities: ChannelCapabilities
  /** Sends once. Outcomes are values; throws only for mistakes of the program. */
  send(message: OutgoingMessage, credentials: AccountCredentials): Promise<SendOutcome>
  /** Whether the provider still sends us the account's events, where that can be asked. `appId`: the provider's id of our app. */
  checkSubscription?(
    accountExternalId: string,
    appId: string,
    credentials: AccountCredentials,
  ): Promise<SubscriptionOutcome>
}

export type ChannelRegistry = { adapterOf(channel: Channel): ChannelAdapter | null }

export type RegistryOptions = {
  graphBaseUrl: string
  sandboxNetwork: SandboxNetwork
  http?: HttpClient
  /** For one provider call, answer included. Shorter than a lease, so that no other worker takes over meanwhile. */
  sendTimeoutMs?: number
}

export const defaultSendTimeoutMs = 10_000

export function createRegistry(options: RegistryOptions): ChannelRegistry {
  const adapters: ChannelAdapter[] = [messengerAdapter(options), sandboxAdapter(options.sandboxNetwork)]
  const byChannel = new Map(adapters.map((adapter) => [adapter.channel, adapter]))
  return { adapterOf: (channel) => byChannel.get(channel) ?? null }
}

function messengerAdapter(options: RegistryOptions): ChannelAdapter {
  const { graphBaseUrl, http = undiciHttp, sendTimeoutMs = defaultSendTimeoutMs } = options
  return {
    channel: 'messenger',
    capabilities: { textCharactersMax: messengerTextCharactersMax, receipts: true, echoesSendId: true },
    async send(message, { accessToken, appSecret }) {
      // Without a token nothing can be asked; the account has to be connected again.
      if (!accessToken) {
        return { outcome: 'rejected', class: 'token', scope: 'account', code: null, subcode: null, traceId: '' }
      }
      const { accountExternalId: pageId, recipient, text, sendId, messagingType } = message
      const secret = appSecret ? { appSecret } : {}
      const send = { graphBaseUrl, pageId, accessToken, ...secret, recipient, text, sendId, messagingType }
      return sendMessenger(send, http, sendTimeoutMs)
    },
    async checkSubscription(pageId, appId, { accessToken, appSecret }) {
      if (!accessToken) return 'unavailable'
      const secret = appSecret ? { appSecret } : {}
      return checkSubscription({ graphBaseUrl, pageId, appId, accessToken, ...secret }, http, sendTimeoutMs)
    },
  }
}

function sandboxAdapter(network: SandboxNetwork): ChannelAdapter {
  return {
    channel: 'sandbox',
    capabilities: { textCharactersMax: sandboxTextCharactersMax, receipts: true, echoesSendId: true },
    send({ accountExternalId, recipient, text, sendId }) {
      return sendSandbox({ accountExternalId, recipient, text, sendId }, network)
    },
  }
}
