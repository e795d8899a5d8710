import type { AccountPageQuery, Channel } from '../../generated/graphql.ts'

export type Account = Extract<NonNullable<AccountPageQuery['node']>, { __typename: 'ChannelAccount' }>

export type MetaChannel = 'MESSENGER' | 'INSTAGRAM' | 'WHATSAPP'
export type StoreChannel = 'SHOPIFY' | 'WOOCOMMERCE' | 'STRIPE'

export function isMeta(channel: Channel): channel is MetaChannel {
  return channel === 'MESSENGER' || channel === 'INSTAGRAM' || channel === 'WHATSAPP'
}

export function isStore(channel: Channel): channel is StoreChannel {
  return channel === 'SHOPIFY' || channel === 'WOOCOMMERCE' || channel === 'STRIPE'
}

export type StepKey = 'connected' | 'handshake' | 'signed' | 'message' | 'event'
export type Step = { key: StepKey; done: boolean; at: string | null }

/** How far connecting has got. Each step is seen to happen, never ticked by hand. */
export function stepsOf(account: Account): Step[] {
  const { setup, channel, createdAt, lastEventAt } = account
  const steps: Step[] = [{ key: 'connected', done: account.status !== 'disconnected', at: createdAt }]
  // An operator's shared app answered its handshake long ago: there is nothing to see for this account.
  if (isMeta(channel) && (setup.handshakeAt !== null || account.verifyToken)) {
    // Whose events arrive signed has had its address accepted, whether or not anybody saw it happen here.
    const done = setup.handshakeAt !== null || setup.firstSignedAt !== null
    steps.push({ key: 'handshake', done, at: setup.handshakeAt })
  }
  steps.push({ key: 'signed', done: setup.firstSignedAt !== null, at: setup.firstSignedAt })
  if (isMeta(channel) || channel === 'SANDBOX') {
    steps.push({ key: 'message', done: setup.firstMessageAt !== null, at: setup.firstMessageAt })
  } else {
    const heard = lastEventAt !== null || account.counters.some((hour) => hour.accepted > 0)
    steps.push({ key: 'event', done: heard, at: null })
  }
  return steps
}
