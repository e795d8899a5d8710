/** What the simulation needs to speak for one business's Page, shop and sandbox account. */
export type Wiring = {
  appSecret: string
  webhook: { account: string; secret: string }
  sandbox: { account: string; secret: string }
}

/** What the demo must remember to go on after a restart; kept by the server in DATA_DIR/demo.json, mode 600. */
export type DemoState = {
  filledAt: string | null
  /** set when somebody removed the demo: it does not come back by itself */
  removedAt?: string
  businesses: {
    slug: string
    businessId: string
    apiKey: string
    wiring: Wiring
    sandboxAccountId: string
    pageAccountId: string
  }[]
}

/** What the server and the simulation say to one another over the process channel. */
export type ToDemo =
  | { type: 'start'; baseUrl: string; operatorKey: string; state: DemoState | null; worldFile: string; now: number }
  | { type: 'done'; id: number }
  | {
      type: 'sandbox_sent'
      accountExternalId: string
      recipient: string
      text: string
      sendId: string
      messageId: string
      at: number
    }
  | { type: 'stop' }

export type FromDemo =
  | { type: 'graph'; url: string }
  /** set what the server believes is now, then answer `done` */
  | { type: 'clock'; id: number; ms: number }
  /** let scheduler and derive jobs finish, then answer `done` */
  | { type: 'settle'; id: number }
  | { type: 'progress'; done: number; total: number; events: number }
  | { type: 'filled'; state: DemoState; events: number }
  /** the last demo business was removed */
  | { type: 'removed' }
  | { type: 'failed'; message: string }
