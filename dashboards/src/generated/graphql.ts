// Written by scripts/codegen.ts. Do not edit.
/* eslint-disable */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
export type MakeOptional<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]?: Maybe<T[SubKey]> };
export type MakeMaybe<T, K extends keyof T> = Omit<T, K> & { [SubKey in K]: Maybe<T[SubKey]> };
export type MakeEmpty<T extends { [key: string]: unknown }, K extends keyof T> = { [_ in K]?: never };
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A local calendar day of the business, YYYY-MM-DD. */
  Date: { input: string; output: string; }
  /** An instant, RFC 3339 with offset; answers are in UTC with milliseconds. */
  DateTime: { input: string; output: string; }
  /** Any JSON value. */
  JSON: { input: unknown; output: unknown; }
};

export type AccountHealth = {
  __typename?: 'AccountHealth';
  /** What it means and what to do, in words. */
  sentence: Scalars['String']['output'];
  signatureFailuresLastDay: Scalars['Int']['output'];
  signatureFailuresLastHour: Scalars['Int']['output'];
  /** Silent after so many times the usual longest pause; null: twice. Set with updateAccount. */
  silenceFactor: Maybe<Scalars['Float']['output']>;
  /** From then on the account counts as silent, if nothing more comes. */
  silentFrom: Maybe<Scalars['DateTime']['output']>;
  state: AccountHealthState;
  /** What Meta says: subscribed, missing, token_broken, or unavailable; null when nobody has looked. */
  subscription: Maybe<Scalars['String']['output']>;
  subscriptionCheckedAt: Maybe<Scalars['DateTime']['output']>;
  /** Somebody asked and the answer has not come yet: seconds, usually. */
  subscriptionPending: Scalars['Boolean']['output'];
  /** The longest pause on a usual day of the last four weeks; null before the third day. */
  usualGapSeconds: Maybe<Scalars['Float']['output']>;
};


export type AccountHealthSentenceArgs = {
  locale: InputMaybe<Locale>;
};

/** Worst first: of several that hold, the first is said. */
export type AccountHealthState =
  | 'DISCONNECTED'
  | 'HEALTHY'
  | 'NOT_SUBSCRIBED'
  | 'OVER_QUOTA'
  | 'SIGNATURE_FAILING'
  | 'SILENT'
  | 'TOKEN_BROKEN'
  | 'WAITING';

/** The steps of connecting, each null until it was seen to happen. */
export type AccountSetup = {
  __typename?: 'AccountSetup';
  firstMessageAt: Maybe<Scalars['DateTime']['output']>;
  firstSignedAt: Maybe<Scalars['DateTime']['output']>;
  /** Meta asked for the verify token and got its answer; always null for accounts without a Meta app. */
  handshakeAt: Maybe<Scalars['DateTime']['output']>;
};

export type AnsweredWithin = {
  __typename?: 'AnsweredWithin';
  /** answered so soon, counted; rows: waits_answered with bucket <=seconds */
  answered: Scalars['Int']['output'];
  high: Maybe<Scalars['Float']['output']>;
  low: Maybe<Scalars['Float']['output']>;
  n: Scalars['Int']['output'];
  seconds: Scalars['Int']['output'];
  share: Maybe<Scalars['Float']['output']>;
};

export type ApiKey = {
  __typename?: 'ApiKey';
  createdAt: Scalars['DateTime']['output'];
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  id: Scalars['ID']['output'];
  lastUsedAt: Maybe<Scalars['DateTime']['output']>;
  name: Scalars['String']['output'];
  scopes: Array<Scalars['String']['output']>;
  /** the first characters, to recognise it by */
  start: Scalars['String']['output'];
};

export type AudienceInput = {
  accountId: Scalars['ID']['input'];
  /** judge windows at this instant instead of now */
  at?: InputMaybe<Scalars['DateTime']['input']>;
  holdoutPercent?: InputMaybe<Scalars['Float']['input']>;
  minOrders?: InputMaybe<Scalars['Int']['input']>;
  notOrderedWithinDays?: InputMaybe<Scalars['Int']['input']>;
  /** only people with at least `minOrders` orders within `orderedWithinDays` */
  orderedWithinDays?: InputMaybe<Scalars['Int']['input']>;
  topic: Scalars['String']['input'];
  /** only people who wrote within so many days */
  wroteWithinDays?: InputMaybe<Scalars['Int']['input']>;
};

export type AudiencePreview = {
  __typename?: 'AudiencePreview';
  at: Scalars['DateTime']['output'];
  excluded: Array<ReasonCount>;
  holdout: Scalars['Int']['output'];
  matched: Scalars['Int']['output'];
  reachable: Scalars['Int']['output'];
  sample: Array<Contact>;
  willBeSent: Scalars['Int']['output'];
};

export type Business = Node & {
  __typename?: 'Business';
  accounts: Array<ChannelAccount>;
  apiKeys: Array<ApiKey>;
  /** Who would be sent a campaign like this now, and why the others not. Nothing is stored. */
  audiencePreview: AudiencePreview;
  businessHours: Array<BusinessHours>;
  campaign: Campaign;
  campaigns: CampaignConnection;
  contact: Contact;
  contactMergePreview: ContactMergePreview;
  contacts: ContactConnection;
  conversation: Conversation;
  conversations: ConversationConnection;
  createdAt: Scalars['DateTime']['output'];
  currency: Scalars['String']['output'];
  /** Who waits for a promised first answer, what is due first on top. */
  dueWaits: Array<DueWait>;
  /** Elements that could not be taken in, newest first. At most 20 000 are kept, settled ones go first. */
  failedEvents: FailedEventConnection;
  freshness: Freshness;
  id: Scalars['ID']['output'];
  intake: Intake;
  intakeQuota: IntakeQuota;
  intakeUsage: IntakeUsage;
  invitations: Array<Invitation>;
  isDemo: Scalars['Boolean']['output'];
  locale: Scalars['String']['output'];
  members: Array<Member>;
  metaBadges: Array<MetaBadge>;
  name: Scalars['String']['output'];
  overview: Overview;
  /** What the asking person or key may do here, e.g. campaign.write, member.write. */
  permissions: Array<Scalars['String']['output']>;
  /** The newest events, newest first. */
  recentEvents: Array<LiveEvent>;
  /** One replay, to follow it. */
  replay: Replay;
  /** The newest replays, newest first. */
  replays: Array<Replay>;
  /** Waits by channel, account or answering app, those with the most waits first; at most 200. */
  responseGroups: Array<ResponseGroup>;
  /** Newest first. */
  responseTargets: Array<ResponseTarget>;
  responseTimes: ResponseTimes;
  retention: Retention;
  /** The rows behind any number: total equals the number. */
  rows: MetricRowConnection;
  /** The next runs of a schedule on the business’s clock, before anything is saved. */
  schedulePreview: SchedulePreview;
  sendingPolicy: SendingPolicy;
  sharedIdentities: Array<SharedIdentity>;
  slug: Scalars['String']['output'];
  targetKept: TargetKept;
  timeZone: Scalars['String']['output'];
  topics: Array<Topic>;
  volumes: Array<VolumeDay>;
  waitingNow: WaitingNow;
};


export type BusinessAudiencePreviewArgs = {
  input: AudienceInput;
  locale?: InputMaybe<Locale>;
};


export type BusinessCampaignArgs = {
  id: Scalars['ID']['input'];
};


export type BusinessCampaignsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  status: InputMaybe<CampaignStatus>;
};


export type BusinessContactArgs = {
  id: Scalars['ID']['input'];
};


export type BusinessContactMergePreviewArgs = {
  contactId: Scalars['ID']['input'];
  otherContactId: Scalars['ID']['input'];
};


export type BusinessContactsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  search: InputMaybe<Scalars['String']['input']>;
};


export type BusinessConversationArgs = {
  id: Scalars['ID']['input'];
};


export type BusinessConversationsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<FilterInput>;
  first?: InputMaybe<Scalars['Int']['input']>;
  search: InputMaybe<Scalars['String']['input']>;
  waitingOnly?: InputMaybe<Scalars['Boolean']['input']>;
};


export type BusinessDueWaitsArgs = {
  filter: InputMaybe<FilterInput>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type BusinessFailedEventsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<FailedEventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type BusinessIntakeArgs = {
  locale: InputMaybe<Locale>;
};


export type BusinessMetaBadgesArgs = {
  locale?: InputMaybe<Locale>;
};


export type BusinessOverviewArgs = {
  compare?: InputMaybe<Compare>;
  locale?: InputMaybe<Locale>;
  period: PeriodInput;
};


export type BusinessRecentEventsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type BusinessReplayArgs = {
  id: Scalars['ID']['input'];
};


export type BusinessReplaysArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type BusinessResponseGroupsArgs = {
  by?: InputMaybe<ResponseGroupBy>;
  clock?: InputMaybe<ResponseClock>;
  filter: InputMaybe<FilterInput>;
  kind?: InputMaybe<ResponseKind>;
  period: PeriodInput;
  responder?: InputMaybe<Responder>;
};


export type BusinessResponseTimesArgs = {
  clock?: InputMaybe<ResponseClock>;
  compare?: InputMaybe<Compare>;
  filter: InputMaybe<FilterInput>;
  kind?: InputMaybe<ResponseKind>;
  locale?: InputMaybe<Locale>;
  period: PeriodInput;
  responder?: InputMaybe<Responder>;
};


export type BusinessRetentionArgs = {
  activity?: InputMaybe<Scalars['String']['input']>;
  columns?: InputMaybe<Scalars['Int']['input']>;
  entry: RetentionEntry;
  filter: InputMaybe<FilterInput>;
  grain?: InputMaybe<RetentionPeriod>;
  locale?: InputMaybe<Locale>;
  options: InputMaybe<RetentionOptionsInput>;
  period: PeriodInput;
  return: RetentionReturn;
};


export type BusinessRowsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  input: RowsInput;
};


export type BusinessSchedulePreviewArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  inContactZone?: InputMaybe<Scalars['Boolean']['input']>;
  rule?: InputMaybe<Scalars['String']['input']>;
  startLocal: Scalars['String']['input'];
};


export type BusinessSharedIdentitiesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type BusinessTargetKeptArgs = {
  filter: InputMaybe<FilterInput>;
  locale?: InputMaybe<Locale>;
  period: PeriodInput;
};


export type BusinessVolumesArgs = {
  filter: InputMaybe<FilterInput>;
  locale?: InputMaybe<Locale>;
  period: PeriodInput;
};


export type BusinessWaitingNowArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type BusinessHours = {
  __typename?: 'BusinessHours';
  holidays: Array<Scalars['Date']['output']>;
  validFrom: Scalars['Date']['output'];
  weekly: Scalars['JSON']['output'];
};

export type BusinessHoursInput = {
  businessId?: InputMaybe<Scalars['ID']['input']>;
  holidays?: InputMaybe<Array<Scalars['Date']['input']>>;
  validFrom: Scalars['Date']['input'];
  weekly: Scalars['JSON']['input'];
};

export type Campaign = Node & {
  __typename?: 'Campaign';
  account: ChannelAccount;
  audience: Scalars['JSON']['output'];
  channel: Channel;
  conversionDays: Scalars['Int']['output'];
  createdAt: Scalars['DateTime']['output'];
  createdBy: Scalars['String']['output'];
  finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** null before planning */
  funnel: Maybe<Funnel>;
  holdoutPercent: Scalars['Float']['output'];
  id: Scalars['ID']['output'];
  lift: Maybe<Lift>;
  messageText: Scalars['String']['output'];
  misfire: MisfirePolicy;
  name: Scalars['String']['output'];
  /** Of a scheduled series, on the business’s clock. */
  nextRuns: Array<ScheduledRun>;
  offerEndsAt: Maybe<Scalars['DateTime']['output']>;
  plannedAt: Maybe<Scalars['DateTime']['output']>;
  /** Runs a series has had, the latest first; each with its own sends and report. */
  runs: Array<Campaign>;
  /** null: for an instant, or not yet */
  schedule: Maybe<CampaignSchedule>;
  scheduledAt: Maybe<Scalars['DateTime']['output']>;
  sendingWindow: Maybe<SendingWindow>;
  sends: SendConnection;
  /** The series this campaign is a run of. */
  series: Maybe<Campaign>;
  status: CampaignStatus;
  statusReason: Scalars['String']['output'];
  topic: Scalars['String']['output'];
};


export type CampaignLiftArgs = {
  locale?: InputMaybe<Locale>;
};


export type CampaignNextRunsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type CampaignRunsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type CampaignSendsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  reason: InputMaybe<Scalars['String']['input']>;
  search: InputMaybe<Scalars['String']['input']>;
  status: InputMaybe<SendStatus>;
};

export type CampaignConnection = {
  __typename?: 'CampaignConnection';
  edges: Array<CampaignEdge>;
  pageInfo: PageInfo;
};

export type CampaignEdge = {
  __typename?: 'CampaignEdge';
  cursor: Scalars['String']['output'];
  node: Campaign;
};

export type CampaignSchedule = {
  __typename?: 'CampaignSchedule';
  /** everybody at that time of their own day */
  inContactZone: Scalars['Boolean']['output'];
  /** RRULE without its name; empty for once */
  rule: Scalars['String']['output'];
  /** wall-clock time, such as 2026-11-26T10:00 */
  startLocal: Scalars['String']['output'];
  timeZone: Scalars['String']['output'];
};

export type CampaignScheduleInput = {
  /** everybody at that time of their own day */
  inContactZone?: InputMaybe<Scalars['Boolean']['input']>;
  /** FREQ=DAILY|WEEKLY|MONTHLY with INTERVAL, BYDAY, BYMONTHDAY, UNTIL=20261231 or COUNT; empty for once */
  rule?: InputMaybe<Scalars['String']['input']>;
  /** wall-clock time of the business, such as 2026-11-26T10:00 */
  startLocal: Scalars['String']['input'];
};

export type CampaignStatus =
  | 'CANCELLED'
  | 'DONE'
  | 'DRAFT'
  | 'HELD'
  | 'MISSED'
  | 'PLANNING'
  | 'SCHEDULED'
  | 'SENDING';

export type Channel =
  | 'INSTAGRAM'
  | 'MESSENGER'
  | 'SANDBOX'
  | 'SHOPIFY'
  | 'STRIPE'
  | 'WEBHOOK'
  | 'WHATSAPP'
  | 'WOOCOMMERCE';

export type ChannelAccount = Node & {
  __typename?: 'ChannelAccount';
  callbackPath: Scalars['String']['output'];
  /** The address to enter at the provider. */
  callbackUrl: Scalars['String']['output'];
  channel: Channel;
  /** Hours in which something came in, oldest first; the last day when nothing else is asked. At most 31 days. */
  counters: Array<IntakeHour>;
  createdAt: Scalars['DateTime']['output'];
  earlierEvents: EarlierEvents;
  externalId: Scalars['String']['output'];
  health: AccountHealth;
  /** Meta apps through which your people answer: what they send counts as a human answer */
  humanAppIds: Array<Scalars['String']['output']>;
  id: Scalars['ID']['output'];
  lastEventAt: Maybe<Scalars['DateTime']['output']>;
  metaAppId: Maybe<Scalars['ID']['output']>;
  name: Scalars['String']['output'];
  /** Signing secrets accepted now, newest first; of the Meta app where one signs, none of a shared app. */
  secrets: Array<SigningSecret>;
  setup: AccountSetup;
  /** connected, token_broken or disconnected */
  status: Scalars['String']['output'];
  /** What Meta asks for at the handshake; null without a Meta app of the business’s own. */
  verifyToken: Maybe<Scalars['String']['output']>;
};


export type ChannelAccountCountersArgs = {
  from: InputMaybe<Scalars['DateTime']['input']>;
  to: InputMaybe<Scalars['DateTime']['input']>;
};

export type Compare =
  | 'NONE'
  | 'PREVIOUS_PERIOD'
  | 'PREVIOUS_YEAR';

export type ConnectAccountInput = {
  accessToken?: InputMaybe<Scalars['String']['input']>;
  businessId?: InputMaybe<Scalars['ID']['input']>;
  channel: Channel;
  /** Page id; Instagram’s professional account id; WhatsApp’s phone number id; the shop’s domain (name.myshopify.com) for Shopify; a name of your own for WooCommerce and Stripe. Left out for webhook and sandbox. */
  externalId?: InputMaybe<Scalars['String']['input']>;
  metaAppId?: InputMaybe<Scalars['ID']['input']>;
  name: Scalars['String']['input'];
  /** Shopify, WooCommerce and Stripe: the secret the provider signs with. Connecting again with another one keeps the former valid beside it. */
  secret?: InputMaybe<Scalars['String']['input']>;
};

export type ConnectMetaAppInput = {
  appId: Scalars['String']['input'];
  appSecret: Scalars['String']['input'];
  businessId?: InputMaybe<Scalars['ID']['input']>;
  /** Apps that use Instagram Login sign with a second secret, found under Instagram → API setup. Left out: the one known stays. */
  instagramAppSecret?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  /** kept valid beside the new one during rotation */
  previousAppSecret?: InputMaybe<Scalars['String']['input']>;
  /** kept valid beside the new one during rotation */
  previousInstagramAppSecret?: InputMaybe<Scalars['String']['input']>;
  verifyToken: Scalars['String']['input'];
};

export type ConnectedAccount = {
  __typename?: 'ConnectedAccount';
  account: ChannelAccount;
  callbackPath: Scalars['String']['output'];
  /** whsec_…, webhook and sandbox only, shown once */
  secret: Maybe<Scalars['String']['output']>;
};

export type Consent = {
  __typename?: 'Consent';
  channel: Channel;
  granted: Scalars['Boolean']['output'];
  ledger: Array<ConsentEntry>;
  since: Scalars['DateTime']['output'];
  topic: Scalars['String']['output'];
};

export type ConsentAction =
  | 'GRANTED'
  | 'REVOKED';

export type ConsentEntry = {
  __typename?: 'ConsentEntry';
  action: ConsentAction;
  actor: Scalars['String']['output'];
  occurredAt: Scalars['DateTime']['output'];
  recordedAt: Scalars['DateTime']['output'];
  source: Scalars['String']['output'];
  /** '*': every topic of the channel */
  topic: Scalars['String']['output'];
  wording: Scalars['String']['output'];
};

export type Contact = Node & {
  __typename?: 'Contact';
  /** What your own systems told of the person (identify): per name the value told last in time */
  attributes: Array<ContactAttribute>;
  consents: Array<Consent>;
  conversations: Array<Conversation>;
  createdAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  identities: Array<Identity>;
  locale: Maybe<Scalars['String']['output']>;
  /** the other contacts that are counted as this person */
  mergedFrom: Array<MergedContact>;
  /** what makes several contacts this person, and what was taken back; newest first */
  merges: Array<ContactMerge>;
  name: Scalars['String']['output'];
  orders: Array<Order>;
};

export type ContactAttribute = {
  __typename?: 'ContactAttribute';
  name: Scalars['String']['output'];
  toldAt: Scalars['DateTime']['output'];
  /** a text, a number, true or false */
  value: Scalars['JSON']['output'];
};

export type ContactConnection = {
  __typename?: 'ContactConnection';
  edges: Array<ContactEdge>;
  pageInfo: PageInfo;
};

export type ContactEdge = {
  __typename?: 'ContactEdge';
  cursor: Scalars['String']['output'];
  node: Contact;
};

/** Why two contacts are one person, or were. */
export type ContactMerge = {
  __typename?: 'ContactMerge';
  at: Scalars['DateTime']['output'];
  /** the person or key that decided it; empty for an event */
  by: Scalars['String']['output'];
  /** the two contacts, by number; the one known longer first */
  contactNumbers: Array<Scalars['Int']['output']>;
  /** the event that said so */
  eventRowId: Maybe<Scalars['ID']['output']>;
  id: Scalars['ID']['output'];
  reason: MergeReason;
  undoneAt: Maybe<Scalars['DateTime']['output']>;
  /** the person or key that took it back; empty when too many people turned out to share the address */
  undoneBy: Scalars['String']['output'];
  /** the e-mail or phone both were told with, or empty */
  value: Scalars['String']['output'];
};

/** What merging two people would do; nothing is done. */
export type ContactMergePreview = {
  __typename?: 'ContactMergePreview';
  after: PersonParts;
  kept: PersonParts;
  moved: PersonParts;
  peopleAfter: Scalars['Int']['output'];
  /** people of the business */
  peopleBefore: Scalars['Int']['output'];
};

export type Conversation = Node & {
  __typename?: 'Conversation';
  account: ChannelAccount;
  contact: Contact;
  id: Scalars['ID']['output'];
  lastMessageAt: Scalars['DateTime']['output'];
  lastRole: Scalars['String']['output'];
  lastText: Scalars['String']['output'];
  messageCount: Scalars['Int']['output'];
  /** oldest first within the page; `before` pages back in time */
  messages: MessageConnection;
  spells: Array<Spell>;
  waitingSince: Maybe<Scalars['DateTime']['output']>;
};


export type ConversationMessagesArgs = {
  before: InputMaybe<Scalars['String']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

export type ConversationConnection = {
  __typename?: 'ConversationConnection';
  edges: Array<ConversationEdge>;
  pageInfo: PageInfo;
};

export type ConversationEdge = {
  __typename?: 'ConversationEdge';
  cursor: Scalars['String']['output'];
  node: Conversation;
};

export type CreateApiKeyInput = {
  businessId?: InputMaybe<Scalars['ID']['input']>;
  expiresInDays?: InputMaybe<Scalars['Int']['input']>;
  name: Scalars['String']['input'];
  /** of events:write, analytics:read, conversations:read, campaigns:write, consent:write, settings:write; left out: all you may hand on */
  scopes?: InputMaybe<Array<Scalars['String']['input']>>;
};

export type CreateBusinessInput = {
  currency?: InputMaybe<Scalars['String']['input']>;
  /** may be removed with removeDemo */
  isDemo?: InputMaybe<Scalars['Boolean']['input']>;
  locale?: InputMaybe<Scalars['String']['input']>;
  name: Scalars['String']['input'];
  ownerEmail?: InputMaybe<Scalars['String']['input']>;
  slug?: InputMaybe<Scalars['String']['input']>;
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type CreateCampaignInput = {
  audience: AudienceInput;
  businessId?: InputMaybe<Scalars['ID']['input']>;
  conversionDays?: InputMaybe<Scalars['Int']['input']>;
  holdoutPercent?: InputMaybe<Scalars['Float']['input']>;
  messageText: Scalars['String']['input'];
  name: Scalars['String']['input'];
  offerEndsAt?: InputMaybe<Scalars['DateTime']['input']>;
  sendingWindow?: InputMaybe<SendingWindowInput>;
};

export type CreatedApiKey = {
  __typename?: 'CreatedApiKey';
  apiKey: ApiKey;
  key: Scalars['String']['output'];
};

/** A day is revised when events of it arrived more than an hour after it had ended. Redeliveries do not count. */
export type DayRevision = {
  __typename?: 'DayRevision';
  /** those of them that arrived more than eight days after they happened */
  backfilledEvents: Scalars['Int']['output'];
  lateEvents: Scalars['Int']['output'];
  /** when the last of them arrived */
  revisedAt: Scalars['DateTime']['output'];
  /** what to give to `rows` for the late events themselves */
  rowsRef: RowsRef;
  sentence: Scalars['String']['output'];
};

export type Direction =
  | 'DOWN'
  | 'UP';

/** Somebody who waits for a promised first answer. */
export type DueWait = {
  __typename?: 'DueWait';
  breached: Scalars['Boolean']['output'];
  contact: Contact;
  conversation: Conversation;
  dueAt: Scalars['DateTime']['output'];
  /** left on the clock of the promise; negative when overdue */
  leftSeconds: Scalars['Float']['output'];
  openedAt: Scalars['DateTime']['output'];
};

/** What had come for an account before it was connected. */
export type EarlierEvents = {
  __typename?: 'EarlierEvents';
  /** null when nothing had come */
  replay: Maybe<Replay>;
  /** entries still to be stored; a moment later, 0 */
  waitingEntries: Scalars['Int']['output'];
};

export type FailedEvent = {
  __typename?: 'FailedEvent';
  /** null for what came over POST /v1/events or names no account */
  account: Maybe<ChannelAccount>;
  /** deliveries and replays so far */
  attempts: Scalars['Int']['output'];
  channel: Channel;
  /** what is wrong, in words for whoever sends it; may be empty */
  detail: Scalars['String']['output'];
  firstSeenAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  /** the reason as a sentence */
  label: Scalars['String']['output'];
  lastSeenAt: Scalars['DateTime']['output'];
  /** as it came, digit for digit */
  original: Scalars['String']['output'];
  /** parsers have learnt since: a replay may help without a correction */
  parsersChanged: Scalars['Boolean']['output'];
  /** what a replay would read: the correction, if somebody made one, otherwise the original */
  payload: Scalars['String']['output'];
  /** a replay was asked for and is under way */
  queued: Scalars['Boolean']['output'];
  /** a word of a closed list */
  reason: Scalars['String']['output'];
  /** its last replay */
  replayId: Maybe<Scalars['ID']['output']>;
  /** of the parsers that refused it last */
  schemaVersion: Scalars['Int']['output'];
  settledAt: Maybe<Scalars['DateTime']['output']>;
  /** who had it replayed or dismissed it */
  settledBy: Scalars['String']['output'];
  state: FailedState;
  /** events its replays added */
  storedEvents: Scalars['Int']['output'];
};


export type FailedEventLabelArgs = {
  locale?: InputMaybe<Locale>;
};

export type FailedEventConnection = {
  __typename?: 'FailedEventConnection';
  edges: Array<FailedEventEdge>;
  pageInfo: PageInfo;
  total: Scalars['Int']['output'];
};

export type FailedEventEdge = {
  __typename?: 'FailedEventEdge';
  cursor: Scalars['String']['output'];
  node: FailedEvent;
};

export type FailedEventFilter = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  channel?: InputMaybe<Channel>;
  /** first seen at or after */
  from?: InputMaybe<Scalars['DateTime']['input']>;
  reason?: InputMaybe<Scalars['String']['input']>;
  state?: InputMaybe<FailedState>;
  /** first seen before */
  to?: InputMaybe<Scalars['DateTime']['input']>;
};

export type FailedState =
  | 'DISMISSED'
  | 'OPEN'
  | 'REPLAYED';

/** One number before and after; null where it has no value. */
export type Figure = {
  __typename?: 'Figure';
  after: Maybe<Scalars['Float']['output']>;
  before: Maybe<Scalars['Float']['output']>;
  name: Scalars['String']['output'];
};

export type FilterInput = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
  channel?: InputMaybe<Channel>;
};

/** At most so many offers per person within so many days of 24 hours, over all campaigns. */
export type FrequencyCap = {
  __typename?: 'FrequencyCap';
  days: Scalars['Int']['output'];
  messages: Scalars['Int']['output'];
};

export type FrequencyCapInput = {
  days: Scalars['Int']['input'];
  messages: Scalars['Int']['input'];
};

/** Up to when every stored event is in the figures, and when each account was last heard. */
export type Freshness = {
  __typename?: 'Freshness';
  completeTo: Scalars['DateTime']['output'];
  silentAccounts: Array<ChannelAccount>;
};

/** targeted = eligible + excluded + holdout; eligible = attempted + held + withdrawn; attempted = sent + failed + unknown + pending */
export type Funnel = {
  __typename?: 'Funnel';
  attempted: Scalars['Int']['output'];
  /** raw counts, and with the implied closure (a reply implies a read implies a delivery) */
  delivered: StageCount;
  eligible: Scalars['Int']['output'];
  excluded: Array<ReasonCount>;
  failed: Array<ReasonCount>;
  held: Scalars['Int']['output'];
  holdout: Scalars['Int']['output'];
  ordered: StageCount;
  pending: Scalars['Int']['output'];
  read: StageCount;
  replied: StageCount;
  revenue: Array<MoneyAmount>;
  sent: Scalars['Int']['output'];
  sumsHold: Scalars['Boolean']['output'];
  targeted: Scalars['Int']['output'];
  unknown: Scalars['Int']['output'];
  withdrawn: Array<ReasonCount>;
};

export type HeatCell = {
  __typename?: 'HeatCell';
  hour: Scalars['Int']['output'];
  median: Maybe<Scalars['Float']['output']>;
  n: Scalars['Int']['output'];
  weekday: Scalars['Int']['output'];
};

export type Identity = {
  __typename?: 'Identity';
  namespace: Scalars['String']['output'];
  /** too many people were told with it to say who somebody is */
  shared: Scalars['Boolean']['output'];
  value: Scalars['String']['output'];
};

export type ImportConsentsInput = {
  channel: Channel;
  /** CSV with a header: externalId,email,phone,name,occurredAt (any of the first three) */
  csv: Scalars['String']['input'];
  source: Scalars['String']['input'];
  topic: Scalars['String']['input'];
  wording: Scalars['String']['input'];
};

export type ImportReject = {
  __typename?: 'ImportReject';
  /** in the text, the header being 1 */
  line: Scalars['Int']['output'];
  /** columns, formula, no_identity, email, phone, occurred_at or too_long */
  reason: Scalars['String']['output'];
};

export type ImportResult = {
  __typename?: 'ImportResult';
  /** permissions that are new */
  accepted: Scalars['Int']['output'];
  /** permissions that were on record already */
  duplicates: Scalars['Int']['output'];
  rejected: Array<ImportReject>;
};

export type Intake = {
  __typename?: 'Intake';
  acceptedLastHour: Scalars['Int']['output'];
  /** the same by reason, the most frequent first */
  failedByReason: Array<ReasonCount>;
  /** open: neither replayed nor dismissed */
  failedEvents: Scalars['Int']['output'];
  /** batches of the whole installation that wait for storage */
  inboxWaiting: Scalars['Int']['output'];
  lagSeconds: Scalars['Float']['output'];
  unknownLastHour: Array<ReasonCount>;
};

export type IntakeCount = {
  __typename?: 'IntakeCount';
  /** bodies, where no event could be read */
  events: Scalars['Int']['output'];
  /** dropped, failed, deferred or refused */
  outcome: Scalars['String']['output'];
  reason: Scalars['String']['output'];
};

export type IntakeHour = {
  __typename?: 'IntakeHour';
  /** events received for the first time, counted from the events */
  accepted: Scalars['Int']['output'];
  deferred: Scalars['Int']['output'];
  dropped: Scalars['Int']['output'];
  failed: Scalars['Int']['output'];
  /** its start */
  hour: Scalars['DateTime']['output'];
  reasons: Array<IntakeCount>;
  /** the sender was told to come back, or its signature did not hold */
  refused: Scalars['Int']['output'];
};

/** Null: the default of the installation, which is above what one process takes in; for the day: no limit. */
export type IntakeQuota = {
  __typename?: 'IntakeQuota';
  /** at once, after a quiet while */
  burstEvents: Maybe<Scalars['Int']['output']>;
  /** of the whole installation, UTC days */
  eventsPerDay: Maybe<Scalars['Float']['output']>;
  /** per process of the intake */
  eventsPerSecond: Maybe<Scalars['Int']['output']>;
};

export type IntakeUsage = {
  __typename?: 'IntakeUsage';
  dayEndsAt: Scalars['DateTime']['output'];
  /** events that wait for the quota now */
  deferredEvents: Scalars['Int']['output'];
  /** events, or bodies that were not read, whose sender was told to come back; this hour and the last */
  refusedLastHour: Scalars['Int']['output'];
  /** events let in since midnight UTC, seconds late */
  today: Scalars['Float']['output'];
};

export type Invitation = {
  __typename?: 'Invitation';
  email: Scalars['String']['output'];
  expiresAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  role: Role;
};

/** Intention to treat: treatment against holdout, ordered within the conversion window. */
export type Lift = {
  __typename?: 'Lift';
  control: Scalars['Int']['output'];
  controlOrdered: Scalars['Int']['output'];
  controlRate: Maybe<Scalars['Float']['output']>;
  difference: Maybe<Scalars['Float']['output']>;
  extraOrders: Maybe<Scalars['Float']['output']>;
  extraOrdersHigh: Maybe<Scalars['Float']['output']>;
  extraOrdersLow: Maybe<Scalars['Float']['output']>;
  high: Maybe<Scalars['Float']['output']>;
  /** limits that stay valid however often one looks */
  low: Maybe<Scalars['Float']['output']>;
  sentence: Scalars['String']['output'];
  state: MetricState;
  treated: Scalars['Int']['output'];
  treatedOrdered: Scalars['Int']['output'];
  treatedRate: Maybe<Scalars['Float']['output']>;
  /** positive, negative, not_enough, no_control or sample_ratio_mismatch */
  verdict: Scalars['String']['output'];
};

export type LiveEvent = {
  __typename?: 'LiveEvent';
  account: Maybe<ChannelAccount>;
  at: Scalars['DateTime']['output'];
  channel: Channel;
  contact: Maybe<Contact>;
  id: Scalars['ID']['output'];
  kind: Scalars['String']['output'];
  name: Scalars['String']['output'];
  /** the provider's own JSON; null when it is no longer kept */
  raw: Maybe<Scalars['String']['output']>;
  receivedAt: Scalars['DateTime']['output'];
  role: Scalars['String']['output'];
  text: Scalars['String']['output'];
};

export type Locale =
  | 'EN'
  | 'FR';

export type Member = {
  __typename?: 'Member';
  email: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  isYou: Scalars['Boolean']['output'];
  name: Scalars['String']['output'];
  role: Role;
  since: Scalars['DateTime']['output'];
};

export type Membership = {
  __typename?: 'Membership';
  business: Business;
  role: Role;
};

export type MergeReason =
  /** somebody decided it */
  | 'BY_HAND'
  | 'SAME_EMAIL'
  | 'SAME_PHONE'
  /** one event named both */
  | 'TOLD_TOGETHER';

export type MergeResult = {
  __typename?: 'MergeResult';
  contact: Contact;
  /** takes it back with unmergeContact */
  mergeId: Scalars['ID']['output'];
};

export type MergedContact = {
  __typename?: 'MergedContact';
  createdAt: Scalars['DateTime']['output'];
  name: Scalars['String']['output'];
  number: Scalars['Int']['output'];
};

/** anything shown in a thread: messages, postbacks, reactions, orders, consent, answers to ratings and forms, what other systems report */
export type Message = {
  __typename?: 'Message';
  amount: Maybe<Scalars['Float']['output']>;
  at: Scalars['DateTime']['output'];
  currency: Maybe<Scalars['String']['output']>;
  delivered: Maybe<Scalars['Boolean']['output']>;
  detail: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  kind: Scalars['String']['output'];
  /** what sort of its kind: the tenant’s own word for a custom event, what happened in a handover … */
  name: Scalars['String']['output'];
  read: Maybe<Scalars['Boolean']['output']>;
  role: Scalars['String']['output'];
  text: Scalars['String']['output'];
};

export type MessageConnection = {
  __typename?: 'MessageConnection';
  edges: Array<MessageEdge>;
  pageInfo: PageInfo;
};

export type MessageEdge = {
  __typename?: 'MessageEdge';
  cursor: Scalars['String']['output'];
  node: Message;
};

export type MetaApp = {
  __typename?: 'MetaApp';
  appId: Scalars['String']['output'];
  callbackPath: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  name: Scalars['String']['output'];
  /** secrets that are valid now: two during a rotation */
  secretCount: Scalars['Int']['output'];
};

/** Meta’s “very responsive” badge of a Page as its help describes it: first messages after 24 h of silence in seven local days, at least 90 % answered, and the fastest 90 % of the answers in 15 min on average. Automatic replies do not count. */
export type MetaBadge = {
  __typename?: 'MetaBadge';
  account: Maybe<ChannelAccount>;
  /** the latest moment today for them */
  answerBy: Maybe<Scalars['DateTime']['output']>;
  /** the fewest of those who wait whose answers regain it */
  answerNow: Scalars['Int']['output'];
  answered: Scalars['Int']['output'];
  from: Scalars['Date']['output'];
  held: Scalars['Boolean']['output'];
  /** of the same waits, nobody left out */
  median: Maybe<Scalars['Float']['output']>;
  /** rows: waits with a filter of this account */
  messages: Scalars['Int']['output'];
  /** the fewest new conversations to answer within 5 min besides; null: too many to name */
  newFast: Maybe<Scalars['Int']['output']>;
  /** mean of the fastest nine in ten answers */
  responseSeconds: Maybe<Scalars['Float']['output']>;
  sentence: Scalars['String']['output'];
  to: Scalars['Date']['output'];
  waiting: Scalars['Int']['output'];
};

export type MetricDefinition = {
  __typename?: 'MetricDefinition';
  /** null where more is neither better nor worse */
  better: Maybe<Direction>;
  key: Scalars['String']['output'];
  name: Scalars['String']['output'];
  sentence: Scalars['String']['output'];
  unit: Unit;
  version: Scalars['Int']['output'];
};

export type MetricRow = {
  __typename?: 'MetricRow';
  at: Scalars['DateTime']['output'];
  contact: Contact;
  conversation: Maybe<Conversation>;
  /** empty for those who see numbers only, where it would quote a message */
  detail: Scalars['String']['output'];
  /** a closed word: event kind, funnel stage, exclusion reason … */
  label: Scalars['String']['output'];
  outcome: Maybe<SpellOutcome>;
  seconds: Maybe<Scalars['Float']['output']>;
};

export type MetricRowConnection = {
  __typename?: 'MetricRowConnection';
  edges: Array<MetricRowEdge>;
  pageInfo: PageInfo;
  total: Scalars['Int']['output'];
};

export type MetricRowEdge = {
  __typename?: 'MetricRowEdge';
  cursor: Scalars['String']['output'];
  node: MetricRow;
};

export type MetricState =
  | 'COMPLETE'
  | 'NOT_YET'
  | 'PROVISIONAL';

/** One number with everything needed to trust it. */
export type MetricValue = {
  __typename?: 'MetricValue';
  change: Maybe<Scalars['Float']['output']>;
  definition: MetricDefinition;
  denominator: Maybe<Scalars['Float']['output']>;
  high: Maybe<Scalars['Float']['output']>;
  key: Scalars['String']['output'];
  /** 95 % interval, where the metric has one */
  low: Maybe<Scalars['Float']['output']>;
  /** whether the change is large enough to be said; false without one. The sentence goes by it too */
  moved: Scalars['Boolean']['output'];
  n: Scalars['Int']['output'];
  numerator: Maybe<Scalars['Float']['output']>;
  /** same metric over the compared period */
  previous: Maybe<Scalars['Float']['output']>;
  previousHigh: Maybe<Scalars['Float']['output']>;
  previousLow: Maybe<Scalars['Float']['output']>;
  /** what to give to `rows` for the rows behind the value; null where the number is not a count of rows */
  rowsRef: Maybe<RowsRef>;
  /** one sentence on what it means here, in the asked language */
  sentence: Scalars['String']['output'];
  /** by local day, oldest first; null where not observable */
  spark: Array<SparkPoint>;
  state: MetricState;
  value: Maybe<Scalars['Float']['output']>;
};

/** What becomes of a run that came due while nothing could run: ASK holds it for a person’s decision, SKIP leaves it out, SEND sends it late. Of several, only the latest; the others are missed. */
export type MisfirePolicy =
  | 'ASK'
  | 'SEND'
  | 'SKIP';

export type MoneyAmount = {
  __typename?: 'MoneyAmount';
  amount: Scalars['Float']['output'];
  currency: Scalars['String']['output'];
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Scheduled: back to draft. Sending: what is not yet claimed is not sent. */
  cancelCampaign: Campaign;
  cancelInvitation: Scalars['Boolean']['output'];
  changeRole: Member;
  /** Asks Meta whether it still sends us this account’s events; the answer shows in `health` within seconds. */
  checkSubscription: ChannelAccount;
  /** Connects a Page, a shop, payments, a generic webhook or a sandbox account. For webhook and sandbox the signing secret is made here and shown once; Shopify, WooCommerce and Stripe sign with their own, which you bring. */
  connectAccount: ConnectedAccount;
  /** Connects a Meta app of a business. The operator may leave the business out: the app is then shared by every business, and only the operator connects Pages to it. */
  connectMetaApp: MetaApp;
  /** The key is shown once. */
  createApiKey: CreatedApiKey;
  /** Operator: a new business; with ownerEmail that person becomes its owner. */
  createBusiness: Business;
  createCampaign: Campaign;
  /** Operator: a sign-in link for an e-mail address (and membership, when a business and role are given). */
  createSignInLink: SignInLink;
  /** From now on nothing comes in through this account and nothing goes out: senders are refused, and what Meta brings for it is kept aside. History and settings stay; connectAccount with the same external id connects it again. */
  disconnectAccount: ChannelAccount;
  /** Settles a failed event without storing it. It stays in the list and can still be replayed. */
  dismissFailedEvent: FailedEvent;
  /** A new draft with the same message, audience and measures. */
  duplicateCampaign: Campaign;
  /** Opt-ins with proof, at most 5 000 lines; each line answered. */
  importConsents: ImportResult;
  inviteMember: Invitation;
  /** Makes two people one, until it is taken back. Events keep the name they came in under. */
  mergeContacts: MergeResult;
  /** Nobody is started from now on; a series makes no runs. resumeCampaign goes on with the remaining people. */
  pauseCampaign: Campaign;
  /** Makes everything derived of a business anew from its events and compares the figures of a period before and after. Ask for rebuild(id) until it is finished. */
  rebuildDerived: Rebuild;
  recordConsent: Consent;
  /** Removes every demo business you may remove, with everything it holds. Answers how many. */
  removeDemo: Scalars['Int']['output'];
  removeMember: Scalars['Boolean']['output'];
  /** Reads a failed event again, as it came or with a corrected payload. Replaying twice stores nothing twice. The answer is the replay just begun: ask for business.replay(id) until it is finished. */
  replayFailedEvent: Replay;
  /** Reads again all failed events that match and are open (or of the state named, except replayed). */
  replayFailedEvents: Replay;
  /** A paused or held campaign goes on: with the remaining people, or a series with its next run. */
  resumeCampaign: Campaign;
  revokeApiKey: Scalars['Boolean']['output'];
  /** A new signing secret of an account; the former one stays valid beside it for `overlapHours`, then it is refused. For webhook and sandbox it is made here and shown once; for Shopify, WooCommerce and Stripe `secret` is the provider’s new one. Secrets of Meta apps are changed with rotateMetaAppSecret. */
  rotateAccountSecret: ConnectedAccount;
  /** The new secret of a Meta app, as Meta shows it. The former one stays valid beside it until the instant answered. The operator leaves the business out for a shared app. */
  rotateMetaAppSecret: Scalars['DateTime']['output'];
  /** At an instant (`at`), by wall-clock times (`schedule`), or at once when both are left out. A held or paused campaign is released. */
  scheduleCampaign: Campaign;
  /** Opening hours from a day on, as a new version: days that are over keep the hours that were valid on them, unless they had none. */
  setBusinessHours: Business;
  /** Operator: what a business may send in. Replaces the quota as a whole; what is left out is the default. Webhooks of its own and /v1/events above it are answered 429 with Retry-After; what Meta brings above it is kept and taken in later. */
  setIntakeQuota: IntakeQuota;
  /** Promises a first answer within a time, for waits that begin from a day on. */
  setResponseTarget: Business;
  /** Both are set as given: what is null or left out no longer holds. Counts from the next message on. */
  setSendingPolicy: SendingPolicy;
  /** Takes a merge back: both people are as they were, and no event merges them again. */
  unmergeContact: UnmergeResult;
  /** What is left out stays. `humanAppIds` replaces the list: Meta apps through which your people answer. Who sent a message is decided when it comes in, so a change applies to messages from now on. */
  updateAccount: ChannelAccount;
  updateBusiness: Business;
  updateCampaign: Campaign;
};


export type MutationCancelCampaignArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationCancelInvitationArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationChangeRoleArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  memberId: Scalars['ID']['input'];
  role: Role;
};


export type MutationCheckSubscriptionArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationConnectAccountArgs = {
  input: ConnectAccountInput;
};


export type MutationConnectMetaAppArgs = {
  input: ConnectMetaAppInput;
};


export type MutationCreateApiKeyArgs = {
  input: CreateApiKeyInput;
};


export type MutationCreateBusinessArgs = {
  input: CreateBusinessInput;
};


export type MutationCreateCampaignArgs = {
  input: CreateCampaignInput;
};


export type MutationCreateSignInLinkArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  email: Scalars['String']['input'];
  role?: InputMaybe<Role>;
};


export type MutationDisconnectAccountArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationDismissFailedEventArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationDuplicateCampaignArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
  name: Scalars['String']['input'];
};


export type MutationImportConsentsArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  input: ImportConsentsInput;
};


export type MutationInviteMemberArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  email: Scalars['String']['input'];
  role: Role;
};


export type MutationMergeContactsArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  contactId: Scalars['ID']['input'];
  otherContactId: Scalars['ID']['input'];
};


export type MutationPauseCampaignArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationRebuildDerivedArgs = {
  businessId: Scalars['ID']['input'];
  period: PeriodInput;
};


export type MutationRecordConsentArgs = {
  input: RecordConsentInput;
};


export type MutationRemoveMemberArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  memberId: Scalars['ID']['input'];
};


export type MutationReplayFailedEventArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
  payload: InputMaybe<Scalars['String']['input']>;
};


export type MutationReplayFailedEventsArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  filter: InputMaybe<FailedEventFilter>;
};


export type MutationResumeCampaignArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationRevokeApiKeyArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
};


export type MutationRotateAccountSecretArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
  overlapHours?: InputMaybe<Scalars['Int']['input']>;
  secret: InputMaybe<Scalars['String']['input']>;
};


export type MutationRotateMetaAppSecretArgs = {
  appSecret: Scalars['String']['input'];
  businessId: InputMaybe<Scalars['ID']['input']>;
  metaAppId: Scalars['ID']['input'];
  overlapHours?: InputMaybe<Scalars['Int']['input']>;
};


export type MutationScheduleCampaignArgs = {
  at: InputMaybe<Scalars['DateTime']['input']>;
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
  misfire: InputMaybe<MisfirePolicy>;
  schedule: InputMaybe<CampaignScheduleInput>;
};


export type MutationSetBusinessHoursArgs = {
  input: BusinessHoursInput;
};


export type MutationSetIntakeQuotaArgs = {
  input: SetIntakeQuotaInput;
};


export type MutationSetResponseTargetArgs = {
  input: ResponseTargetInput;
};


export type MutationSetSendingPolicyArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  frequencyCap: InputMaybe<FrequencyCapInput>;
  quietHours: InputMaybe<QuietHoursInput>;
};


export type MutationUnmergeContactArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  mergeId: Scalars['ID']['input'];
};


export type MutationUpdateAccountArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  humanAppIds: InputMaybe<Array<Scalars['String']['input']>>;
  id: Scalars['ID']['input'];
  name: InputMaybe<Scalars['String']['input']>;
  silenceFactor: InputMaybe<Scalars['Float']['input']>;
};


export type MutationUpdateBusinessArgs = {
  input: UpdateBusinessInput;
};


export type MutationUpdateCampaignArgs = {
  businessId: InputMaybe<Scalars['ID']['input']>;
  id: Scalars['ID']['input'];
  input: UpdateCampaignInput;
};

export type Node = {
  id: Scalars['ID']['output'];
};

export type Notice = {
  __typename?: 'Notice';
  kind: Scalars['String']['output'];
  /** path on the dashboards, within the business */
  link: Maybe<Scalars['String']['output']>;
  text: Scalars['String']['output'];
};

export type Order = {
  __typename?: 'Order';
  amount: Scalars['Float']['output'];
  at: Scalars['DateTime']['output'];
  currency: Scalars['String']['output'];
  orderId: Scalars['String']['output'];
  status: Scalars['String']['output'];
};

export type Overview = {
  __typename?: 'Overview';
  comparedWith: Maybe<Period>;
  headline: Scalars['String']['output'];
  /** active_customers, first_response_median, came_back_4w, reachable, extra_orders: always these five, in this order */
  metrics: Array<MetricValue>;
  needsYou: Array<Notice>;
  nextCampaign: Maybe<Campaign>;
  period: Period;
  waiting: WaitingNow;
};

export type PageInfo = {
  __typename?: 'PageInfo';
  endCursor: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor: Maybe<Scalars['String']['output']>;
};

/** An account that nobody has connected, or that another Meta app signs for. */
export type ParkedAccount = {
  __typename?: 'ParkedAccount';
  channel: Channel;
  /** deliveries kept; they are stored when the account is connected */
  entries: Scalars['Int']['output'];
  externalId: Scalars['String']['output'];
  /** the app that signed the newest */
  metaAppName: Maybe<Scalars['String']['output']>;
  newestAt: Scalars['DateTime']['output'];
  oldestAt: Scalars['DateTime']['output'];
};

export type Period = {
  __typename?: 'Period';
  from: Scalars['Date']['output'];
  to: Scalars['Date']['output'];
};

/** Days are local to the business; both ends are included. */
export type PeriodInput = {
  from: Scalars['Date']['input'];
  to: Scalars['Date']['input'];
};

export type PersonParts = {
  __typename?: 'PersonParts';
  consents: Array<Consent>;
  contact: Contact;
  /** contacts they came in under */
  contacts: Scalars['Int']['output'];
  /** accounts on which there is a conversation */
  conversations: Scalars['Int']['output'];
  identities: Array<Identity>;
};

export type Query = {
  __typename?: 'Query';
  /** With an API key the id may be left out: the key's own business. */
  business: Business;
  metricDefinitions: Array<MetricDefinition>;
  /** Any object by its global id; null when there is none, or it is not yours. */
  node: Maybe<Node>;
  /** Accounts whose events are parked, last heard of first. They belong to no business: for the operator. */
  parkedAccounts: Array<ParkedAccount>;
  rebuild: Rebuild;
  /** Bodies that were signed by a shared Meta app and name no account: for the operator. */
  unroutedFailedEvents: FailedEventConnection;
  /** Who is asking: a signed-in person, an API key, or the operator. */
  viewer: Viewer;
};


export type QueryBusinessArgs = {
  id: InputMaybe<Scalars['ID']['input']>;
};


export type QueryMetricDefinitionsArgs = {
  locale?: InputMaybe<Locale>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QueryParkedAccountsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryRebuildArgs = {
  businessId: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
};


export type QueryUnroutedFailedEventsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<FailedEventFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** Hours of the person’s own day in which no offer goes out; they may run over midnight. */
export type QuietHours = {
  __typename?: 'QuietHours';
  from: Scalars['String']['output'];
  to: Scalars['String']['output'];
};

export type QuietHoursInput = {
  from: Scalars['String']['input'];
  to: Scalars['String']['input'];
};

export type ReasonCount = {
  __typename?: 'ReasonCount';
  count: Scalars['Int']['output'];
  label: Scalars['String']['output'];
  reason: Scalars['String']['output'];
};

/** A rebuild of derived facts. It is over when finishedAt is set; nothing changed when changed is 0. */
export type Rebuild = {
  __typename?: 'Rebuild';
  changed: Scalars['Int']['output'];
  /** the numbers that changed, at most 200 of them */
  changes: Array<Figure>;
  /** numbers looked at before and after */
  compared: Scalars['Int']['output'];
  /** it ended with an error, which the log of the server has */
  failed: Scalars['Boolean']['output'];
  finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** the numbers of the whole period */
  headlines: Array<Figure>;
  id: Scalars['ID']['output'];
  period: Period;
  requestedAt: Scalars['DateTime']['output'];
  requestedBy: Scalars['String']['output'];
};

export type RecordConsentInput = {
  action: ConsentAction;
  businessId?: InputMaybe<Scalars['ID']['input']>;
  channel: Channel;
  contactId?: InputMaybe<Scalars['ID']['input']>;
  externalId?: InputMaybe<Scalars['String']['input']>;
  occurredAt?: InputMaybe<Scalars['DateTime']['input']>;
  topic: Scalars['String']['input'];
  wording: Scalars['String']['input'];
};

/** One replay of failed or parked events. It is over when finishedAt is set; ask again until then. */
export type Replay = {
  __typename?: 'Replay';
  /** parked: the account that was connected */
  account: Maybe<ChannelAccount>;
  /** entries worked off */
  done: Scalars['Int']['output'];
  /** of these, entries that failed again */
  failed: Scalars['Int']['output'];
  finishedAt: Maybe<Scalars['DateTime']['output']>;
  id: Scalars['ID']['output'];
  kind: ReplayKind;
  /** events that were stored already and were left alone */
  knownEvents: Scalars['Int']['output'];
  /** entries asked for */
  matched: Scalars['Int']['output'];
  requestedAt: Scalars['DateTime']['output'];
  /** who asked for it; empty when it began by itself */
  requestedBy: Scalars['String']['output'];
  sentence: Scalars['String']['output'];
  /** events added */
  storedEvents: Scalars['Int']['output'];
};


/** One replay of failed or parked events. It is over when finishedAt is set; ask again until then. */
export type ReplaySentenceArgs = {
  locale?: InputMaybe<Locale>;
};

export type ReplayKind =
  | 'FAILED'
  | 'PARKED'
  | 'REBUILD';

/** HANDOFF: waits in which a bot had answered, from its first answer until a person’s. */
export type Responder =
  | 'BOT'
  | 'HANDOFF'
  | 'HUMAN';

export type ResponseBucket = {
  __typename?: 'ResponseBucket';
  abandoned: Scalars['Int']['output'];
  answered: Scalars['Int']['output'];
  /** what `rows` takes as bucket */
  bucket: Scalars['String']['output'];
  fromSeconds: Scalars['Float']['output'];
  /** null: without end */
  toSeconds: Maybe<Scalars['Float']['output']>;
  waiting: Scalars['Int']['output'];
};

/** ELAPSED: by the wall. BUSINESS_HOURS: only while the business was open, by the hours valid on each day. */
export type ResponseClock =
  | 'BUSINESS_HOURS'
  | 'ELAPSED';

export type ResponseDay = {
  __typename?: 'ResponseDay';
  answered: Scalars['Int']['output'];
  day: Scalars['Date']['output'];
  /** waits opened on this day */
  n: Scalars['Int']['output'];
  p50: Maybe<Scalars['Float']['output']>;
  p75: Maybe<Scalars['Float']['output']>;
  p90: Maybe<Scalars['Float']['output']>;
  previousP50: Maybe<Scalars['Float']['output']>;
  /** set when messages of this day arrived after it had ended */
  revision: Maybe<DayRevision>;
  state: MetricState;
};

/** n = answered + waiting + abandoned; over all groups they add up to the waits of the period. */
export type ResponseGroup = {
  __typename?: 'ResponseGroup';
  abandoned: Scalars['Int']['output'];
  answered: Scalars['Int']['output'];
  answeredIn15Min: Scalars['Int']['output'];
  /** channel, id of the account, or id of the app; empty for waits no app has answered */
  key: Scalars['String']['output'];
  /** as in responseTimes, with 95 % limits */
  median: Maybe<Scalars['Float']['output']>;
  medianHigh: Maybe<Scalars['Float']['output']>;
  medianLow: Maybe<Scalars['Float']['output']>;
  /** rows: waits with a filter of this channel or account, or with app */
  n: Scalars['Int']['output'];
  /** of the account */
  name: Maybe<Scalars['String']['output']>;
  /** null below ten waits */
  p90: Maybe<Scalars['Float']['output']>;
  waiting: Scalars['Int']['output'];
  /** share answered in 15 min, estimated with those waiting */
  within15Min: Scalars['Float']['output'];
  within15MinHigh: Scalars['Float']['output'];
  within15MinLow: Scalars['Float']['output'];
};

export type ResponseGroupBy =
  | 'ACCOUNT'
  | 'APP'
  | 'CHANNEL';

export type ResponseKind =
  | 'FIRST'
  | 'NEXT';

/** What a business promises for waits that begin from a day on. */
export type ResponseTarget = {
  __typename?: 'ResponseTarget';
  clock: ResponseClock;
  validFrom: Scalars['Date']['output'];
  /** null: no promise from this day on */
  withinSeconds: Maybe<Scalars['Int']['output']>;
};

export type ResponseTargetInput = {
  businessId?: InputMaybe<Scalars['ID']['input']>;
  clock?: InputMaybe<ResponseClock>;
  /** today when left out; days that are over keep their promise */
  validFrom?: InputMaybe<Scalars['Date']['input']>;
  /** 60 to 2 592 000; left out: nothing is promised any more */
  withinSeconds?: InputMaybe<Scalars['Int']['input']>;
};

export type ResponseTimes = {
  __typename?: 'ResponseTimes';
  abandoned: Scalars['Int']['output'];
  answered: Scalars['Int']['output'];
  /** of those answered, asked and answered without a moment of the clock passing: outside opening hours; rows: waits_answered with bucket <=0 */
  answeredAtOnce: Scalars['Int']['output'];
  /** share answered within 5 min, 15 min, 60 min and 24 h */
  answeredWithin: Array<AnsweredWithin>;
  clock: ResponseClock;
  days: Array<ResponseDay>;
  distribution: Array<ResponseBucket>;
  headline: Scalars['String']['output'];
  /** local hour × weekday (1 = Monday): median wait */
  heatmap: Array<HeatCell>;
  /** first day with opening hours; days before it count around the clock, all of them when null */
  hoursKnownFrom: Maybe<Scalars['Date']['output']>;
  kind: ResponseKind;
  /** Kaplan–Meier median and 90th percentile: the unanswered count as still waiting */
  median: MetricValue;
  medianOfAnswered: Maybe<Scalars['Float']['output']>;
  opened: Scalars['Int']['output'];
  p90: MetricValue;
  period: Period;
  responder: Responder;
  restrictedMean24hHigh: Maybe<Scalars['Float']['output']>;
  restrictedMean24hLow: Maybe<Scalars['Float']['output']>;
  /** mean of the waits, each counted up to 24 h; with its 95 % limits */
  restrictedMean24hSeconds: Maybe<Scalars['Float']['output']>;
  survival: Array<SurvivalPoint>;
  waiting: Scalars['Int']['output'];
};

export type Retention = {
  __typename?: 'Retention';
  average: Array<RetentionAverage>;
  columns: Scalars['Int']['output'];
  entry: RetentionEntry;
  grain: RetentionPeriod;
  headline: Scalars['String']['output'];
  looks: Array<RetentionLook>;
  /** the question in words, with zone and definition */
  question: Scalars['String']['output'];
  return: RetentionReturn;
  rows: Array<RetentionRow>;
  /** largest first; empty without a breakdown */
  segments: Array<RetentionSegment>;
};

export type RetentionAverage = {
  __typename?: 'RetentionAverage';
  column: Scalars['Int']['output'];
  denominator: Scalars['Int']['output'];
  high: Maybe<Scalars['Float']['output']>;
  low: Maybe<Scalars['Float']['output']>;
  numerator: Scalars['Int']['output'];
  rowsUsed: Scalars['Int']['output'];
  share: Maybe<Scalars['Float']['output']>;
};

/** Of the start with which somebody entered. CHANNEL: its own. CAMPAIGN: whether one had been sent to the person before it. */
export type RetentionBreakdown =
  | 'CAMPAIGN'
  | 'CHANNEL';

export type RetentionCell = {
  __typename?: 'RetentionCell';
  column: Scalars['Int']['output'];
  high: Maybe<Scalars['Float']['output']>;
  low: Maybe<Scalars['Float']['output']>;
  /** null: not yet observable, never 0 */
  n: Maybe<Scalars['Int']['output']>;
  share: Maybe<Scalars['Float']['output']>;
  state: MetricState;
};

export type RetentionEntry =
  | 'FIRST_EVER'
  | 'FIRST_MATCHING'
  | 'RECURRING';

/** From which to which interval after entering a column looks; `to` null: to the last complete one. */
export type RetentionLook = {
  __typename?: 'RetentionLook';
  column: Scalars['Int']['output'];
  from: Scalars['Int']['output'];
  to: Maybe<Scalars['Int']['output']>;
};

/** The finer choices of a retention question. */
export type RetentionOptionsInput = {
  /** for BRACKET: the last interval of each, rising; [1, 3, 7] are the brackets 1, 2–3 and 4–7 */
  brackets?: InputMaybe<Array<Scalars['Int']['input']>>;
  breakdown?: InputMaybe<RetentionBreakdown>;
  /** for BOUNDED: so many further intervals are looked at; left out: 0 */
  horizon?: InputMaybe<Scalars['Int']['input']>;
  /** so many returns within one interval, at least; left out: 1 */
  minOccurrences?: InputMaybe<Scalars['Int']['input']>;
  /** what counts as coming back, as `activity`; left out: the same */
  returnActivity?: InputMaybe<Scalars['String']['input']>;
  /** left out: CALENDAR */
  timing?: InputMaybe<RetentionTiming>;
  /** left out: MONDAY */
  weekStart?: InputMaybe<WeekStart>;
};

export type RetentionPeriod =
  | 'DAY'
  | 'MONTH'
  | 'WEEK';

export type RetentionReturn =
  | 'BOUNDED'
  | 'BRACKET'
  | 'ON'
  | 'ON_OR_AFTER';

export type RetentionRow = {
  __typename?: 'RetentionRow';
  cells: Array<RetentionCell>;
  /** first local day of the cohort's interval */
  cohort: Scalars['Date']['output'];
  size: Scalars['Int']['output'];
  state: MetricState;
};

/** The cohorts of one value of the breakdown. */
export type RetentionSegment = {
  __typename?: 'RetentionSegment';
  average: Array<RetentionAverage>;
  rows: Array<RetentionRow>;
  size: Scalars['Int']['output'];
  /** a channel, or campaign | none; what `rows` takes as `stage` */
  value: Scalars['String']['output'];
};

/** CALENDAR: intervals of the business’s calendar. ROLLING: windows of 24 hours (a week 7, a month 30 of them) since the start. */
export type RetentionTiming =
  | 'CALENDAR'
  | 'ROLLING';

export type Role =
  | 'ADVISER'
  | 'DEVELOPER'
  | 'EXECUTIVE'
  | 'MARKETER'
  | 'OWNER';

export type RowsInput = {
  activity?: InputMaybe<Scalars['String']['input']>;
  /** waits answered from this app; empty: answered from none */
  app?: InputMaybe<Scalars['String']['input']>;
  /** with the metric audience and no campaign: the people of audiencePreview; stage: eligible, excluded or one reason */
  audience?: InputMaybe<AudienceInput>;
  /** response-time distribution bucket, e.g. 300-900 (seconds); <=900 for at most so long, >900 for longer */
  bucket?: InputMaybe<Scalars['String']['input']>;
  campaignId?: InputMaybe<Scalars['ID']['input']>;
  clock?: InputMaybe<ResponseClock>;
  /** retention: first local day of the cohort's interval, and the column */
  cohort?: InputMaybe<Scalars['Date']['input']>;
  column?: InputMaybe<Scalars['Int']['input']>;
  /** how many the matrix has; returns “on or after” are looked for up to its end */
  columns?: InputMaybe<Scalars['Int']['input']>;
  entry?: InputMaybe<RetentionEntry>;
  filter?: InputMaybe<FilterInput>;
  from: Scalars['Date']['input'];
  grain?: InputMaybe<RetentionPeriod>;
  /** waits that began in this local hour, 0 to 23 */
  hour?: InputMaybe<Scalars['Int']['input']>;
  kind?: InputMaybe<ResponseKind>;
  /** active_customers | waits | waits_answered | waits_waiting | waits_abandoned | waits_target | came_back | came_back_cohort | reachable | not_reachable | extra_orders | retention_cell | retention_average | retention_average_of | volumes | late_events | funnel | audience */
  metric: Scalars['String']['input'];
  responder?: InputMaybe<Responder>;
  /** as the matrix was asked; `stage`: a segment */
  retention?: InputMaybe<RetentionOptionsInput>;
  return?: InputMaybe<RetentionReturn>;
  /** funnel stage, exclusion reason, spell outcome …; for late_events whose days: volumes or waits */
  stage?: InputMaybe<Scalars['String']['input']>;
  to: Scalars['Date']['input'];
  /** waits that began on this local weekday, 1 = Monday */
  weekday?: InputMaybe<Scalars['Int']['input']>;
};

export type RowsRef = {
  __typename?: 'RowsRef';
  bucket: Maybe<Scalars['String']['output']>;
  campaignId: Maybe<Scalars['ID']['output']>;
  clock: Maybe<ResponseClock>;
  cohort: Maybe<Scalars['Date']['output']>;
  column: Maybe<Scalars['Int']['output']>;
  from: Scalars['Date']['output'];
  kind: Maybe<ResponseKind>;
  metric: Scalars['String']['output'];
  responder: Maybe<Responder>;
  stage: Maybe<Scalars['String']['output']>;
  to: Scalars['Date']['output'];
};

export type SchedulePreview = {
  __typename?: 'SchedulePreview';
  problem: Maybe<Scalars['String']['output']>;
  runs: Array<ScheduledRun>;
  /** time zones the messages go out in */
  zones: Scalars['Int']['output'];
};

export type ScheduledRun = {
  __typename?: 'ScheduledRun';
  at: Scalars['DateTime']['output'];
  /** exact; gap: the clock skips this time, it runs right after; overlap: of two, the first one */
  kind: Scalars['String']['output'];
  local: Scalars['String']['output'];
};

export type Send = Node & {
  __typename?: 'Send';
  /** treatment, holdout, or empty for the excluded */
  arm: Scalars['String']['output'];
  contact: Contact;
  delivered: Scalars['Boolean']['output'];
  errorCode: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  /** Waiting: from when on it may go out. Excluded by the frequency cap: when the next offer fits. */
  nextEligibleAt: Maybe<Scalars['DateTime']['output']>;
  ordered: Scalars['Boolean']['output'];
  plannedAt: Scalars['DateTime']['output'];
  read: Scalars['Boolean']['output'];
  reason: Scalars['String']['output'];
  reasonLabel: Scalars['String']['output'];
  replied: Scalars['Boolean']['output'];
  sentAt: Maybe<Scalars['DateTime']['output']>;
  status: SendStatus;
};


export type SendReasonLabelArgs = {
  locale?: InputMaybe<Locale>;
};

export type SendConnection = {
  __typename?: 'SendConnection';
  edges: Array<SendEdge>;
  pageInfo: PageInfo;
  total: Scalars['Int']['output'];
};

export type SendEdge = {
  __typename?: 'SendEdge';
  cursor: Scalars['String']['output'];
  node: Send;
};

export type SendStatus =
  | 'ACCEPTED'
  | 'CLAIMED'
  | 'EXCLUDED'
  | 'HELD'
  | 'HOLDOUT'
  | 'PLANNED'
  | 'REJECTED'
  | 'SENDING'
  | 'UNKNOWN'
  | 'UNKNOWN_FINAL'
  | 'WITHDRAWN';

export type SendingPolicy = {
  __typename?: 'SendingPolicy';
  frequencyCap: Maybe<FrequencyCap>;
  quietHours: Maybe<QuietHours>;
};

/** Hours of the person’s own day in which a campaign may send; weekdays 1 (Monday) to 7. */
export type SendingWindow = {
  __typename?: 'SendingWindow';
  from: Scalars['String']['output'];
  to: Scalars['String']['output'];
  weekdays: Array<Scalars['Int']['output']>;
};

export type SendingWindowInput = {
  from: Scalars['String']['input'];
  to: Scalars['String']['input'];
  weekdays: Array<Scalars['Int']['input']>;
};

export type SetIntakeQuotaInput = {
  /** ten seconds of eventsPerSecond when left out */
  burstEvents?: InputMaybe<Scalars['Int']['input']>;
  businessId: Scalars['ID']['input'];
  eventsPerDay?: InputMaybe<Scalars['Float']['input']>;
  eventsPerSecond?: InputMaybe<Scalars['Int']['input']>;
};

/** An e-mail or phone that too many different people were told with: it links nobody. */
export type SharedIdentity = {
  __typename?: 'SharedIdentity';
  lastToldAt: Scalars['DateTime']['output'];
  namespace: Scalars['String']['output'];
  /** different names it was told beside */
  people: Scalars['Int']['output'];
  value: Scalars['String']['output'];
};

export type SignInLink = {
  __typename?: 'SignInLink';
  expiresAt: Scalars['DateTime']['output'];
  url: Scalars['String']['output'];
};

/** A signing secret that is accepted, without what it is. */
export type SigningSecret = {
  __typename?: 'SigningSecret';
  newest: Scalars['Boolean']['output'];
  since: Maybe<Scalars['DateTime']['output']>;
  /** From then on it is refused; null: it stays. */
  validUntil: Maybe<Scalars['DateTime']['output']>;
};

export type SparkPoint = {
  __typename?: 'SparkPoint';
  day: Scalars['Date']['output'];
  previous: Maybe<Scalars['Float']['output']>;
  state: MetricState;
  value: Maybe<Scalars['Float']['output']>;
};

export type Spell = {
  __typename?: 'Spell';
  botAt: Maybe<Scalars['DateTime']['output']>;
  burst: Scalars['Int']['output'];
  closedAt: Maybe<Scalars['DateTime']['output']>;
  isFirst: Scalars['Boolean']['output'];
  openedAt: Scalars['DateTime']['output'];
  outcome: SpellOutcome;
  seconds: Scalars['Float']['output'];
};

export type SpellOutcome =
  | 'ABANDONED'
  | 'ANSWERED'
  | 'WAITING';

export type StageCount = {
  __typename?: 'StageCount';
  closed: Scalars['Int']['output'];
  raw: Scalars['Int']['output'];
};

export type Subscription = {
  __typename?: 'Subscription';
  /** Events of one business as they are stored (server-sent events), at most five streams at a time. `after` resumes after an event id. */
  liveEvents: LiveEvent;
};


export type SubscriptionLiveEventsArgs = {
  after: InputMaybe<Scalars['ID']['input']>;
  businessId: InputMaybe<Scalars['ID']['input']>;
};

export type SurvivalPoint = {
  __typename?: 'SurvivalPoint';
  high: Maybe<Scalars['Float']['output']>;
  low: Maybe<Scalars['Float']['output']>;
  seconds: Scalars['Float']['output'];
  stillWaiting: Scalars['Float']['output'];
};

/** First waits beside the promise of the day they began: kept + breached + running + left + free = all of them. Rows: waits_target with the stage kept, breached, running, left or free. */
export type TargetKept = {
  __typename?: 'TargetKept';
  /** more time has passed than was promised, answered or not */
  breached: Scalars['Int']['output'];
  /** the promise of today */
  current: Maybe<ResponseTarget>;
  /** nothing was promised that day */
  free: Scalars['Int']['output'];
  high: Maybe<Scalars['Float']['output']>;
  /** answered by a person in time */
  kept: Scalars['Int']['output'];
  /** gave up before the answer was due */
  left: Scalars['Int']['output'];
  low: Maybe<Scalars['Float']['output']>;
  /** waiting, and still in time */
  running: Scalars['Int']['output'];
  sentence: Scalars['String']['output'];
  /** kept / (kept + breached), with its 95 % interval (Wilson) */
  share: Maybe<Scalars['Float']['output']>;
};

/** A topic people can opt in to, with the number who did. */
export type Topic = {
  __typename?: 'Topic';
  channel: Channel;
  optedIn: Scalars['Int']['output'];
  topic: Scalars['String']['output'];
};

export type Unit =
  | 'COUNT'
  | 'MESSAGES'
  | 'MONEY'
  | 'ORDERS'
  | 'PEOPLE'
  | 'RATIO'
  | 'SECONDS';

export type UnmergeResult = {
  __typename?: 'UnmergeResult';
  contacts: Array<Contact>;
  /** something else says that they are one person */
  stillOne: Scalars['Boolean']['output'];
};

export type UpdateBusinessInput = {
  businessId?: InputMaybe<Scalars['ID']['input']>;
  currency?: InputMaybe<Scalars['String']['input']>;
  episodeGapHours?: InputMaybe<Scalars['Int']['input']>;
  locale?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  timeZone?: InputMaybe<Scalars['String']['input']>;
};

export type UpdateCampaignInput = {
  audience?: InputMaybe<AudienceInput>;
  conversionDays?: InputMaybe<Scalars['Int']['input']>;
  holdoutPercent?: InputMaybe<Scalars['Float']['input']>;
  messageText?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  offerEndsAt?: InputMaybe<Scalars['DateTime']['input']>;
  sendingWindow?: InputMaybe<SendingWindowInput>;
};

export type Viewer = {
  __typename?: 'Viewer';
  businesses: Array<Membership>;
  email: Maybe<Scalars['String']['output']>;
  kind: ViewerKind;
  name: Scalars['String']['output'];
  /** The scopes of the key, or all that the person's roles allow. */
  scopes: Array<Scalars['String']['output']>;
};

export type ViewerKind =
  | 'KEY'
  | 'OPERATOR'
  | 'PERSON';

export type VolumeDay = {
  __typename?: 'VolumeDay';
  day: Scalars['Date']['output'];
  orders: Scalars['Int']['output'];
  received: Scalars['Int']['output'];
  /** set when messages or orders of this day arrived after it had ended */
  revision: Maybe<DayRevision>;
  sentByBots: Scalars['Int']['output'];
  sentByCampaigns: Scalars['Int']['output'];
  sentByHumans: Scalars['Int']['output'];
};

export type WaitingNow = {
  __typename?: 'WaitingNow';
  longestSeconds: Maybe<Scalars['Float']['output']>;
  spells: Array<WaitingSpell>;
  total: Scalars['Int']['output'];
};

export type WaitingSpell = {
  __typename?: 'WaitingSpell';
  /** messages the customer sent while waiting */
  burst: Scalars['Int']['output'];
  contact: Contact;
  conversation: Conversation;
  /** null for those who see numbers only */
  lastText: Maybe<Scalars['String']['output']>;
  openedAt: Scalars['DateTime']['output'];
  waitedSeconds: Scalars['Float']['output'];
};

export type WeekStart =
  | 'MONDAY'
  | 'SUNDAY';

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { __typename?: 'Query', viewer: { __typename?: 'Viewer', kind: ViewerKind, name: string, email: string | null, scopes: Array<string>, businesses: Array<{ __typename?: 'Membership', role: Role, business: { __typename?: 'Business', id: string, name: string, slug: string, timeZone: string, currency: string, locale: string, isDemo: boolean, createdAt: string, permissions: Array<string> } }> } };

export type FrameQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type FrameQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, freshness: { __typename?: 'Freshness', completeTo: string, silentAccounts: Array<{ __typename?: 'ChannelAccount', id: string, name: string, channel: Channel, lastEventAt: string | null }> }, accounts: Array<{ __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }> } };

export type FindQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  search: Scalars['String']['input'];
}>;


export type FindQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, contacts: { __typename?: 'ContactConnection', edges: Array<{ __typename?: 'ContactEdge', node: { __typename?: 'Contact', id: string, name: string, conversations: Array<{ __typename?: 'Conversation', id: string }> } }> }, campaigns: { __typename?: 'CampaignConnection', edges: Array<{ __typename?: 'CampaignEdge', node: { __typename?: 'Campaign', id: string, name: string, status: CampaignStatus } }> } } };

export type CampaignPlanFragment = { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null };

export type SchedulePreviewQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  startLocal: Scalars['String']['input'];
  rule: Scalars['String']['input'];
  inContactZone: Scalars['Boolean']['input'];
}>;


export type SchedulePreviewQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, schedulePreview: { __typename?: 'SchedulePreview', problem: string | null, zones: number, runs: Array<{ __typename?: 'ScheduledRun', at: string, local: string, kind: string }> }, sendingPolicy: { __typename?: 'SendingPolicy', quietHours: { __typename?: 'QuietHours', from: string, to: string } | null, frequencyCap: { __typename?: 'FrequencyCap', messages: number, days: number } | null } } };

export type CampaignsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  first: Scalars['Int']['input'];
  after: InputMaybe<Scalars['String']['input']>;
  locale: Locale;
}>;


export type CampaignsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, campaigns: { __typename?: 'CampaignConnection', edges: Array<{ __typename?: 'CampaignEdge', cursor: string, node: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, status: CampaignStatus, statusReason: string, scheduledAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, schedule: { __typename?: 'CampaignSchedule', rule: string, inContactZone: boolean } | null, series: { __typename?: 'Campaign', id: string } | null, funnel: { __typename?: 'Funnel', targeted: number, sent: number, pending: number, held: number, ordered: { __typename?: 'StageCount', closed: number } } | null, lift: { __typename?: 'Lift', difference: number | null, low: number | null, high: number | null, extraOrders: number | null, extraOrdersLow: number | null, extraOrdersHigh: number | null, verdict: string, state: MetricState } | null } }>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } };

export type CampaignPlacesQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type CampaignPlacesQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, topics: Array<{ __typename?: 'Topic', channel: Channel, topic: string, optedIn: number }>, accounts: Array<{ __typename?: 'ChannelAccount', id: string, channel: Channel, name: string, status: string }> } };

export type AudiencePreviewQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  input: AudienceInput;
  locale: Locale;
}>;


export type AudiencePreviewQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, audiencePreview: { __typename?: 'AudiencePreview', matched: number, reachable: number, willBeSent: number, holdout: number, at: string, excluded: Array<{ __typename?: 'ReasonCount', reason: string, label: string, count: number }>, sample: Array<{ __typename?: 'Contact', id: string, name: string }> } } };

export type CampaignDraftQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
}>;


export type CampaignDraftQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, campaign: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null } } };

export type CampaignReportQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
  locale: Locale;
}>;


export type CampaignReportQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, campaign: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, funnel: { __typename?: 'Funnel', targeted: number, eligible: number, holdout: number, attempted: number, held: number, sent: number, unknown: number, pending: number, sumsHold: boolean, excluded: Array<{ __typename?: 'ReasonCount', reason: string, label: string, count: number }>, withdrawn: Array<{ __typename?: 'ReasonCount', reason: string, label: string, count: number }>, failed: Array<{ __typename?: 'ReasonCount', reason: string, label: string, count: number }>, delivered: { __typename?: 'StageCount', raw: number, closed: number }, read: { __typename?: 'StageCount', raw: number, closed: number }, replied: { __typename?: 'StageCount', raw: number, closed: number }, ordered: { __typename?: 'StageCount', raw: number, closed: number }, revenue: Array<{ __typename?: 'MoneyAmount', amount: number, currency: string }> } | null, lift: { __typename?: 'Lift', treated: number, treatedOrdered: number, control: number, controlOrdered: number, treatedRate: number | null, controlRate: number | null, difference: number | null, low: number | null, high: number | null, extraOrders: number | null, extraOrdersLow: number | null, extraOrdersHigh: number | null, verdict: string, state: MetricState, sentence: string } | null, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null } } };

export type CampaignRunsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
}>;


export type CampaignRunsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, campaign: { __typename?: 'Campaign', id: string, nextRuns: Array<{ __typename?: 'ScheduledRun', at: string }>, runs: Array<{ __typename?: 'Campaign', id: string, status: CampaignStatus, statusReason: string, scheduledAt: string | null }> } } };

export type CampaignSendsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
  first: Scalars['Int']['input'];
  after: InputMaybe<Scalars['String']['input']>;
  status: InputMaybe<SendStatus>;
  reason: InputMaybe<Scalars['String']['input']>;
  search: InputMaybe<Scalars['String']['input']>;
  locale: Locale;
}>;


export type CampaignSendsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, campaign: { __typename?: 'Campaign', id: string, sends: { __typename?: 'SendConnection', total: number, edges: Array<{ __typename?: 'SendEdge', cursor: string, node: { __typename?: 'Send', id: string, status: SendStatus, arm: string, reason: string, reasonLabel: string, nextEligibleAt: string | null, plannedAt: string, sentAt: string | null, delivered: boolean, read: boolean, replied: boolean, ordered: boolean, errorCode: string, contact: { __typename?: 'Contact', id: string, name: string, conversations: Array<{ __typename?: 'Conversation', id: string, account: { __typename?: 'ChannelAccount', id: string } }> } } }>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } } };

export type CreateCampaignMutationVariables = Exact<{
  input: CreateCampaignInput;
}>;


export type CreateCampaignMutation = { __typename?: 'Mutation', createCampaign: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null } };

export type UpdateCampaignMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  business: Scalars['ID']['input'];
  input: UpdateCampaignInput;
}>;


export type UpdateCampaignMutation = { __typename?: 'Mutation', updateCampaign: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null } };

export type ScheduleCampaignMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  business: Scalars['ID']['input'];
  at: InputMaybe<Scalars['DateTime']['input']>;
  schedule: InputMaybe<CampaignScheduleInput>;
  misfire: InputMaybe<MisfirePolicy>;
}>;


export type ScheduleCampaignMutation = { __typename?: 'Mutation', scheduleCampaign: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null } };

export type PauseCampaignMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  business: Scalars['ID']['input'];
}>;


export type PauseCampaignMutation = { __typename?: 'Mutation', pauseCampaign: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null } };

export type ResumeCampaignMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  business: Scalars['ID']['input'];
}>;


export type ResumeCampaignMutation = { __typename?: 'Mutation', resumeCampaign: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null } };

export type DuplicateCampaignMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  business: Scalars['ID']['input'];
  name: Scalars['String']['input'];
}>;


export type DuplicateCampaignMutation = { __typename?: 'Mutation', duplicateCampaign: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null } };

export type CancelCampaignMutationVariables = Exact<{
  id: Scalars['ID']['input'];
  business: Scalars['ID']['input'];
}>;


export type CancelCampaignMutation = { __typename?: 'Mutation', cancelCampaign: { __typename?: 'Campaign', id: string, name: string, channel: Channel, topic: string, messageText: string, audience: unknown, holdoutPercent: number, conversionDays: number, status: CampaignStatus, statusReason: string, scheduledAt: string | null, offerEndsAt: string | null, plannedAt: string | null, finishedAt: string | null, createdAt: string, createdBy: string, misfire: MisfirePolicy, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, schedule: { __typename?: 'CampaignSchedule', startLocal: string, rule: string, inContactZone: boolean } | null, sendingWindow: { __typename?: 'SendingWindow', from: string, to: string, weekdays: Array<number> } | null, series: { __typename?: 'Campaign', id: string, name: string } | null } };

export type AccountCardFragment = { __typename?: 'ChannelAccount', id: string, channel: Channel, externalId: string, name: string, status: string, lastEventAt: string | null, createdAt: string, callbackUrl: string, callbackPath: string, health: { __typename?: 'AccountHealth', state: AccountHealthState, sentence: string, silentFrom: string | null }, counters: Array<{ __typename?: 'IntakeHour', hour: string, accepted: number, dropped: number, failed: number, deferred: number, refused: number, reasons: Array<{ __typename?: 'IntakeCount', outcome: string, reason: string, events: number }> }> };

export type CountedHourFragment = { __typename?: 'IntakeHour', hour: string, accepted: number, dropped: number, failed: number, deferred: number, refused: number, reasons: Array<{ __typename?: 'IntakeCount', outcome: string, reason: string, events: number }> };

export type AccountCardsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  locale: Locale;
  mayWrite: Scalars['Boolean']['input'];
}>;


export type AccountCardsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, accounts: Array<{ __typename?: 'ChannelAccount', metaAppId?: string | null, id: string, channel: Channel, externalId: string, name: string, status: string, lastEventAt: string | null, createdAt: string, callbackUrl: string, callbackPath: string, health: { __typename?: 'AccountHealth', state: AccountHealthState, sentence: string, silentFrom: string | null }, counters: Array<{ __typename?: 'IntakeHour', hour: string, accepted: number, dropped: number, failed: number, deferred: number, refused: number, reasons: Array<{ __typename?: 'IntakeCount', outcome: string, reason: string, events: number }> }> }>, intakeQuota: { __typename?: 'IntakeQuota', eventsPerSecond: number | null, burstEvents: number | null, eventsPerDay: number | null }, intakeUsage: { __typename?: 'IntakeUsage', today: number, dayEndsAt: string, deferredEvents: number, refusedLastHour: number } } };

export type AccountPageQueryVariables = Exact<{
  account: Scalars['ID']['input'];
  locale: Locale;
  mayWrite: Scalars['Boolean']['input'];
}>;


export type AccountPageQuery = { __typename?: 'Query', node:
    | { __typename: 'Business' }
    | { __typename: 'Campaign' }
    | { __typename: 'ChannelAccount', verifyToken?: string | null, metaAppId?: string | null, id: string, channel: Channel, externalId: string, name: string, status: string, lastEventAt: string | null, createdAt: string, callbackUrl: string, callbackPath: string, health: { __typename?: 'AccountHealth', usualGapSeconds: number | null, signatureFailuresLastHour: number, signatureFailuresLastDay: number, subscription: string | null, subscriptionCheckedAt: string | null, subscriptionPending: boolean, state: AccountHealthState, sentence: string, silentFrom: string | null }, setup: { __typename?: 'AccountSetup', handshakeAt: string | null, firstSignedAt: string | null, firstMessageAt: string | null }, earlierEvents: { __typename?: 'EarlierEvents', waitingEntries: number, replay: { __typename?: 'Replay', id: string, finishedAt: string | null, storedEvents: number, sentence: string } | null }, secrets?: Array<{ __typename?: 'SigningSecret', newest: boolean, since: string | null, validUntil: string | null }>, counters: Array<{ __typename?: 'IntakeHour', hour: string, accepted: number, dropped: number, failed: number, deferred: number, refused: number, reasons: Array<{ __typename?: 'IntakeCount', outcome: string, reason: string, events: number }> }> }
    | { __typename: 'Contact' }
    | { __typename: 'Conversation' }
    | { __typename: 'Send' }
   | null };

export type ConnectMetaAppMutationVariables = Exact<{
  input: ConnectMetaAppInput;
}>;


export type ConnectMetaAppMutation = { __typename?: 'Mutation', connectMetaApp: { __typename?: 'MetaApp', id: string, appId: string, name: string, callbackPath: string, secretCount: number } };

export type ConnectAccountMutationVariables = Exact<{
  input: ConnectAccountInput;
}>;


export type ConnectAccountMutation = { __typename?: 'Mutation', connectAccount: { __typename?: 'ConnectedAccount', secret: string | null, callbackPath: string, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel } } };

export type RotateAccountSecretMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
  secret: InputMaybe<Scalars['String']['input']>;
  hours: Scalars['Int']['input'];
}>;


export type RotateAccountSecretMutation = { __typename?: 'Mutation', rotateAccountSecret: { __typename?: 'ConnectedAccount', secret: string | null } };

export type RotateMetaAppSecretMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  app: Scalars['ID']['input'];
  secret: Scalars['String']['input'];
  hours: Scalars['Int']['input'];
}>;


export type RotateMetaAppSecretMutation = { __typename?: 'Mutation', rotateMetaAppSecret: string };

export type RenameAccountMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
  name: Scalars['String']['input'];
}>;


export type RenameAccountMutation = { __typename?: 'Mutation', updateAccount: { __typename?: 'ChannelAccount', id: string, name: string } };

export type CheckSubscriptionMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
}>;


export type CheckSubscriptionMutation = { __typename?: 'Mutation', checkSubscription: { __typename?: 'ChannelAccount', id: string } };

export type DisconnectAccountMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
}>;


export type DisconnectAccountMutation = { __typename?: 'Mutation', disconnectAccount: { __typename?: 'ChannelAccount', id: string, status: string } };

export type ConversationsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  first: Scalars['Int']['input'];
  after: InputMaybe<Scalars['String']['input']>;
  waitingOnly: Scalars['Boolean']['input'];
  search: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<FilterInput>;
}>;


export type ConversationsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, conversations: { __typename?: 'ConversationConnection', edges: Array<{ __typename?: 'ConversationEdge', cursor: string, node: { __typename?: 'Conversation', id: string, lastMessageAt: string, lastText: string, lastRole: string, waitingSince: string | null, contact: { __typename?: 'Contact', id: string, name: string }, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel } } }>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } };

export type WaitingCountQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type WaitingCountQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, waitingNow: { __typename?: 'WaitingNow', total: number } } };

export type ThreadQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
  last: Scalars['Int']['input'];
  before: InputMaybe<Scalars['String']['input']>;
}>;


export type ThreadQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, conversation: { __typename?: 'Conversation', id: string, messageCount: number, waitingSince: string | null, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel }, contact: { __typename?: 'Contact', id: string, name: string }, messages: { __typename?: 'MessageConnection', edges: Array<{ __typename?: 'MessageEdge', cursor: string, node: { __typename?: 'Message', id: string, kind: string, name: string, role: string, at: string, text: string, detail: string, amount: number | null, currency: string | null, delivered: boolean | null, read: boolean | null } }>, pageInfo: { __typename?: 'PageInfo', hasPreviousPage: boolean, startCursor: string | null } }, spells: Array<{ __typename?: 'Spell', openedAt: string, closedAt: string | null, outcome: SpellOutcome, seconds: number, isFirst: boolean, burst: number, botAt: string | null }> } } };

export type PersonQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
}>;


export type PersonQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, contact: { __typename?: 'Contact', id: string, name: string, locale: string | null, createdAt: string, identities: Array<{ __typename?: 'Identity', namespace: string, value: string }>, consents: Array<{ __typename?: 'Consent', channel: Channel, topic: string, granted: boolean, since: string, ledger: Array<{ __typename?: 'ConsentEntry', action: ConsentAction, topic: string, occurredAt: string, recordedAt: string, source: string, actor: string, wording: string }> }>, conversations: Array<{ __typename?: 'Conversation', id: string, account: { __typename?: 'ChannelAccount', id: string, name: string, channel: Channel } }>, orders: Array<{ __typename?: 'Order', orderId: string, at: string, amount: number, currency: string, status: string }> } } };

export type FindPeopleQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  search: Scalars['String']['input'];
  first: Scalars['Int']['input'];
}>;


export type FindPeopleQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, contacts: { __typename?: 'ContactConnection', edges: Array<{ __typename?: 'ContactEdge', node: { __typename?: 'Contact', id: string, name: string, identities: Array<{ __typename?: 'Identity', value: string }> } }> } } };

export type MergePreviewQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  a: Scalars['ID']['input'];
  b: Scalars['ID']['input'];
}>;


export type MergePreviewQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, contactMergePreview: { __typename?: 'ContactMergePreview', peopleBefore: number, peopleAfter: number, kept: { __typename?: 'PersonParts', contact: { __typename?: 'Contact', id: string, name: string } }, moved: { __typename?: 'PersonParts', contact: { __typename?: 'Contact', id: string, name: string } }, after: { __typename?: 'PersonParts', conversations: number, identities: Array<{ __typename?: 'Identity', value: string }>, consents: Array<{ __typename?: 'Consent', channel: Channel, topic: string, granted: boolean }> } } } };

export type MergeMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  a: Scalars['ID']['input'];
  b: Scalars['ID']['input'];
}>;


export type MergeMutation = { __typename?: 'Mutation', mergeContacts: { __typename?: 'MergeResult', mergeId: string, contact: { __typename?: 'Contact', id: string } } };

export type UnmergeMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  merge: Scalars['ID']['input'];
}>;


export type UnmergeMutation = { __typename?: 'Mutation', unmergeContact: { __typename?: 'UnmergeResult', stillOne: boolean } };

export type LiveRowFragment = { __typename?: 'LiveEvent', id: string, kind: string, role: string, name: string, channel: Channel, at: string, receivedAt: string, text: string, raw: string | null, account: { __typename?: 'ChannelAccount', id: string, name: string } | null, contact: { __typename?: 'Contact', id: string, name: string } | null };

export type RecentEventsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  first: Scalars['Int']['input'];
}>;


export type RecentEventsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, recentEvents: Array<{ __typename?: 'LiveEvent', id: string, kind: string, role: string, name: string, channel: Channel, at: string, receivedAt: string, text: string, raw: string | null, account: { __typename?: 'ChannelAccount', id: string, name: string } | null, contact: { __typename?: 'Contact', id: string, name: string } | null }> } };

export type IntakeQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type IntakeQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, intake: { __typename?: 'Intake', acceptedLastHour: number, failedEvents: number, inboxWaiting: number, lagSeconds: number, unknownLastHour: Array<{ __typename?: 'ReasonCount', reason: string, label: string, count: number }> } } };

export type LiveEventsSubscriptionVariables = Exact<{
  business: Scalars['ID']['input'];
  after: InputMaybe<Scalars['ID']['input']>;
}>;


export type LiveEventsSubscription = { __typename?: 'Subscription', liveEvents: { __typename?: 'LiveEvent', id: string, kind: string, role: string, name: string, channel: Channel, at: string, receivedAt: string, text: string, raw: string | null, account: { __typename?: 'ChannelAccount', id: string, name: string } | null, contact: { __typename?: 'Contact', id: string, name: string } | null } };

export type ReplayRowFragment = { __typename?: 'Replay', id: string, kind: ReplayKind, requestedBy: string, requestedAt: string, finishedAt: string | null, matched: number, done: number, failed: number, storedEvents: number, knownEvents: number, sentence: string };

export type IntakeReasonsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  locale: Locale;
}>;


export type IntakeReasonsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, accounts: Array<{ __typename?: 'ChannelAccount', id: string, name: string, channel: Channel, counters: Array<{ __typename?: 'IntakeHour', hour: string, accepted: number, dropped: number, failed: number, deferred: number, refused: number, reasons: Array<{ __typename?: 'IntakeCount', outcome: string, reason: string, events: number }> }> }>, intake: { __typename?: 'Intake', unknownLastHour: Array<{ __typename?: 'ReasonCount', reason: string, label: string, count: number }> } } };

export type FailedEventsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  locale: Locale;
  filter: FailedEventFilter;
  first: Scalars['Int']['input'];
  after: InputMaybe<Scalars['String']['input']>;
  mayRead: Scalars['Boolean']['input'];
}>;


export type FailedEventsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, failedEvents: { __typename?: 'FailedEventConnection', total: number, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null }, edges: Array<{ __typename?: 'FailedEventEdge', node: { __typename?: 'FailedEvent', id: string, channel: Channel, reason: string, label: string, detail: string, attempts: number, firstSeenAt: string, lastSeenAt: string, state: FailedState, queued: boolean, replayId: string | null, parsersChanged: boolean, storedEvents: number, settledAt: string | null, settledBy: string, payload?: string, original?: string, account: { __typename?: 'ChannelAccount', id: string, name: string } | null } }> }, intake: { __typename?: 'Intake', failedEvents: number, failedByReason: Array<{ __typename?: 'ReasonCount', reason: string, label: string, count: number }> }, accounts: Array<{ __typename?: 'ChannelAccount', id: string, name: string }>, replays: Array<{ __typename?: 'Replay', id: string, kind: ReplayKind, requestedBy: string, requestedAt: string, finishedAt: string | null, matched: number, done: number, failed: number, storedEvents: number, knownEvents: number, sentence: string }> } };

export type ReplayProgressQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
  locale: Locale;
}>;


export type ReplayProgressQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, replay: { __typename?: 'Replay', id: string, kind: ReplayKind, requestedBy: string, requestedAt: string, finishedAt: string | null, matched: number, done: number, failed: number, storedEvents: number, knownEvents: number, sentence: string } } };

export type ReplayFailedEventMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
  payload: InputMaybe<Scalars['String']['input']>;
  locale: Locale;
}>;


export type ReplayFailedEventMutation = { __typename?: 'Mutation', replayFailedEvent: { __typename?: 'Replay', id: string, kind: ReplayKind, requestedBy: string, requestedAt: string, finishedAt: string | null, matched: number, done: number, failed: number, storedEvents: number, knownEvents: number, sentence: string } };

export type ReplayFailedEventsMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  filter: FailedEventFilter;
  locale: Locale;
}>;


export type ReplayFailedEventsMutation = { __typename?: 'Mutation', replayFailedEvents: { __typename?: 'Replay', id: string, kind: ReplayKind, requestedBy: string, requestedAt: string, finishedAt: string | null, matched: number, done: number, failed: number, storedEvents: number, knownEvents: number, sentence: string } };

export type DismissFailedEventMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
}>;


export type DismissFailedEventMutation = { __typename?: 'Mutation', dismissFailedEvent: { __typename?: 'FailedEvent', id: string, state: FailedState } };

export type ParkedAccountsQueryVariables = Exact<{ [key: string]: never; }>;


export type ParkedAccountsQuery = { __typename?: 'Query', parkedAccounts: Array<{ __typename?: 'ParkedAccount', channel: Channel, externalId: string, entries: number, metaAppName: string | null, oldestAt: string, newestAt: string }> };

export type OverviewQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  period: PeriodInput;
  compare: Compare;
  locale: Locale;
}>;


export type OverviewQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, overview: { __typename?: 'Overview', headline: string, period: { __typename?: 'Period', from: string, to: string }, comparedWith: { __typename?: 'Period', from: string, to: string } | null, metrics: Array<{ __typename?: 'MetricValue', key: string, value: number | null, numerator: number | null, denominator: number | null, low: number | null, high: number | null, n: number, state: MetricState, previous: number | null, previousLow: number | null, previousHigh: number | null, change: number | null, moved: boolean, sentence: string, definition: { __typename?: 'MetricDefinition', key: string, version: number, name: string, sentence: string, unit: Unit, better: Direction | null }, spark: Array<{ __typename?: 'SparkPoint', day: string, value: number | null, previous: number | null, state: MetricState }>, rowsRef: { __typename?: 'RowsRef', metric: string, stage: string | null, from: string, to: string, campaignId: string | null, cohort: string | null, column: number | null, bucket: string | null, kind: ResponseKind | null, responder: Responder | null, clock: ResponseClock | null } | null }>, nextCampaign: { __typename?: 'Campaign', id: string, name: string, topic: string, channel: Channel, scheduledAt: string | null, status: CampaignStatus, messageText: string } | null, needsYou: Array<{ __typename?: 'Notice', kind: string, text: string, link: string | null }> } } };

export type WaitingNowQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  first: Scalars['Int']['input'];
}>;


export type WaitingNowQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, waitingNow: { __typename?: 'WaitingNow', total: number, longestSeconds: number | null, spells: Array<{ __typename?: 'WaitingSpell', openedAt: string, waitedSeconds: number, lastText: string | null, burst: number, conversation: { __typename?: 'Conversation', id: string, account: { __typename?: 'ChannelAccount', name: string, channel: Channel } }, contact: { __typename?: 'Contact', id: string, name: string } }> } } };

export type FirstRunQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type FirstRunQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, accounts: Array<{ __typename?: 'ChannelAccount', id: string, channel: Channel, lastEventAt: string | null }>, topics: Array<{ __typename?: 'Topic', optedIn: number }>, members: Array<{ __typename?: 'Member', id: string }>, invitations: Array<{ __typename?: 'Invitation', id: string }> } };

export type ResponseGroupsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  period: PeriodInput;
  by: ResponseGroupBy;
  kind: ResponseKind;
  responder: Responder;
  clock: ResponseClock;
  filter: InputMaybe<FilterInput>;
}>;


export type ResponseGroupsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, responseGroups: Array<{ __typename?: 'ResponseGroup', key: string, name: string | null, n: number, answered: number, waiting: number, abandoned: number, median: number | null, medianLow: number | null, medianHigh: number | null, p90: number | null, answeredIn15Min: number, within15Min: number, within15MinLow: number, within15MinHigh: number }> } };

export type PromisesQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  period: PeriodInput;
  filter: InputMaybe<FilterInput>;
  first: Scalars['Int']['input'];
  locale: Locale;
}>;


export type PromisesQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, targetKept: { __typename?: 'TargetKept', kept: number, breached: number, running: number, left: number, free: number, share: number | null, low: number | null, high: number | null, sentence: string, current: { __typename?: 'ResponseTarget', validFrom: string, withinSeconds: number | null, clock: ResponseClock } | null }, dueWaits: Array<{ __typename?: 'DueWait', dueAt: string, breached: boolean, leftSeconds: number, contact: { __typename?: 'Contact', id: string, name: string }, conversation: { __typename?: 'Conversation', id: string } }>, metaBadges: Array<{ __typename?: 'MetaBadge', from: string, to: string, messages: number, answered: number, waiting: number, responseSeconds: number | null, median: number | null, held: boolean, sentence: string, account: { __typename?: 'ChannelAccount', id: string, name: string } | null }> } };

export type ResponseTimesQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  period: PeriodInput;
  compare: Compare;
  kind: ResponseKind;
  responder: Responder;
  clock: ResponseClock;
  filter: InputMaybe<FilterInput>;
  locale: Locale;
}>;


export type ResponseTimesQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, responseTimes: { __typename?: 'ResponseTimes', headline: string, hoursKnownFrom: string | null, restrictedMean24hSeconds: number | null, restrictedMean24hLow: number | null, restrictedMean24hHigh: number | null, opened: number, answered: number, waiting: number, abandoned: number, answeredAtOnce: number, medianOfAnswered: number | null, median: { __typename?: 'MetricValue', key: string, value: number | null, numerator: number | null, denominator: number | null, low: number | null, high: number | null, n: number, state: MetricState, previous: number | null, previousLow: number | null, previousHigh: number | null, change: number | null, moved: boolean, sentence: string, definition: { __typename?: 'MetricDefinition', key: string, version: number, name: string, sentence: string, unit: Unit, better: Direction | null }, spark: Array<{ __typename?: 'SparkPoint', day: string, value: number | null, previous: number | null, state: MetricState }>, rowsRef: { __typename?: 'RowsRef', metric: string, stage: string | null, from: string, to: string, campaignId: string | null, cohort: string | null, column: number | null, bucket: string | null, kind: ResponseKind | null, responder: Responder | null, clock: ResponseClock | null } | null }, p90: { __typename?: 'MetricValue', key: string, value: number | null, numerator: number | null, denominator: number | null, low: number | null, high: number | null, n: number, state: MetricState, previous: number | null, previousLow: number | null, previousHigh: number | null, change: number | null, moved: boolean, sentence: string, definition: { __typename?: 'MetricDefinition', key: string, version: number, name: string, sentence: string, unit: Unit, better: Direction | null }, spark: Array<{ __typename?: 'SparkPoint', day: string, value: number | null, previous: number | null, state: MetricState }>, rowsRef: { __typename?: 'RowsRef', metric: string, stage: string | null, from: string, to: string, campaignId: string | null, cohort: string | null, column: number | null, bucket: string | null, kind: ResponseKind | null, responder: Responder | null, clock: ResponseClock | null } | null }, answeredWithin: Array<{ __typename?: 'AnsweredWithin', seconds: number, answered: number, share: number | null, low: number | null, high: number | null, n: number }>, days: Array<{ __typename?: 'ResponseDay', day: string, p50: number | null, p75: number | null, p90: number | null, n: number, answered: number, state: MetricState, previousP50: number | null, revision: { __typename?: 'DayRevision', sentence: string, lateEvents: number } | null }>, distribution: Array<{ __typename?: 'ResponseBucket', bucket: string, fromSeconds: number, toSeconds: number | null, answered: number, waiting: number, abandoned: number }>, survival: Array<{ __typename?: 'SurvivalPoint', seconds: number, stillWaiting: number, low: number | null, high: number | null }>, heatmap: Array<{ __typename?: 'HeatCell', weekday: number, hour: number, median: number | null, n: number }> } } };

export type RetentionQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  period: PeriodInput;
  grain: RetentionPeriod;
  entry: RetentionEntry;
  return: RetentionReturn;
  activity: Scalars['String']['input'];
  columns: Scalars['Int']['input'];
  filter: InputMaybe<FilterInput>;
  options: InputMaybe<RetentionOptionsInput>;
  locale: Locale;
}>;


export type RetentionQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, retention: { __typename?: 'Retention', grain: RetentionPeriod, return: RetentionReturn, headline: string, question: string, columns: number, looks: Array<{ __typename?: 'RetentionLook', column: number, from: number, to: number | null }>, rows: Array<{ __typename?: 'RetentionRow', cohort: string, size: number, state: MetricState, cells: Array<{ __typename?: 'RetentionCell', column: number, n: number | null, share: number | null, low: number | null, high: number | null, state: MetricState }> }>, average: Array<{ __typename?: 'RetentionAverage', column: number, share: number | null, low: number | null, high: number | null, rowsUsed: number, numerator: number, denominator: number }>, segments: Array<{ __typename?: 'RetentionSegment', value: string, size: number, average: Array<{ __typename?: 'RetentionAverage', column: number, share: number | null, low: number | null, high: number | null, rowsUsed: number, numerator: number, denominator: number }> }> } } };

export type SettingsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type SettingsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, name: string, slug: string, timeZone: string, currency: string, locale: string, isDemo: boolean, businessHours: Array<{ __typename?: 'BusinessHours', validFrom: string, weekly: unknown, holidays: Array<string> }> } };

export type MembersQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type MembersQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, members: Array<{ __typename?: 'Member', id: string, name: string, email: string, role: Role, since: string, isYou: boolean }>, invitations: Array<{ __typename?: 'Invitation', id: string, email: string, role: Role, expiresAt: string }> } };

export type ApiKeysQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type ApiKeysQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, apiKeys: Array<{ __typename?: 'ApiKey', id: string, name: string, start: string, scopes: Array<string>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null }> } };

export type TopicsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type TopicsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, topics: Array<{ __typename?: 'Topic', channel: Channel, topic: string, optedIn: number }> } };

export type UpdateBusinessMutationVariables = Exact<{
  input: UpdateBusinessInput;
}>;


export type UpdateBusinessMutation = { __typename?: 'Mutation', updateBusiness: { __typename?: 'Business', id: string, name: string, timeZone: string, currency: string, locale: string } };

export type SetBusinessHoursMutationVariables = Exact<{
  input: BusinessHoursInput;
}>;


export type SetBusinessHoursMutation = { __typename?: 'Mutation', setBusinessHours: { __typename?: 'Business', id: string, businessHours: Array<{ __typename?: 'BusinessHours', validFrom: string, weekly: unknown, holidays: Array<string> }> } };

export type RemoveDemoMutationVariables = Exact<{ [key: string]: never; }>;


export type RemoveDemoMutation = { __typename?: 'Mutation', removeDemo: number };

export type InviteMemberMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  email: Scalars['String']['input'];
  role: Role;
}>;


export type InviteMemberMutation = { __typename?: 'Mutation', inviteMember: { __typename?: 'Invitation', id: string, email: string, role: Role, expiresAt: string } };

export type CancelInvitationMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
}>;


export type CancelInvitationMutation = { __typename?: 'Mutation', cancelInvitation: boolean };

export type ChangeRoleMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  member: Scalars['ID']['input'];
  role: Role;
}>;


export type ChangeRoleMutation = { __typename?: 'Mutation', changeRole: { __typename?: 'Member', id: string, role: Role } };

export type RemoveMemberMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  member: Scalars['ID']['input'];
}>;


export type RemoveMemberMutation = { __typename?: 'Mutation', removeMember: boolean };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { __typename?: 'Mutation', createApiKey: { __typename?: 'CreatedApiKey', key: string, apiKey: { __typename?: 'ApiKey', id: string, name: string } } };

export type RevokeApiKeyMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  id: Scalars['ID']['input'];
}>;


export type RevokeApiKeyMutation = { __typename?: 'Mutation', revokeApiKey: boolean };

export type ImportConsentsMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  input: ImportConsentsInput;
}>;


export type ImportConsentsMutation = { __typename?: 'Mutation', importConsents: { __typename?: 'ImportResult', accepted: number, duplicates: number, rejected: Array<{ __typename?: 'ImportReject', line: number, reason: string }> } };

export type SendingPolicyQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type SendingPolicyQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, sendingPolicy: { __typename?: 'SendingPolicy', quietHours: { __typename?: 'QuietHours', from: string, to: string } | null, frequencyCap: { __typename?: 'FrequencyCap', messages: number, days: number } | null } } };

export type SetSendingPolicyMutationVariables = Exact<{
  business: Scalars['ID']['input'];
  quietHours: InputMaybe<QuietHoursInput>;
  frequencyCap: InputMaybe<FrequencyCapInput>;
}>;


export type SetSendingPolicyMutation = { __typename?: 'Mutation', setSendingPolicy: { __typename?: 'SendingPolicy', quietHours: { __typename?: 'QuietHours', from: string, to: string } | null } };

export type ResponseTargetsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
}>;


export type ResponseTargetsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, responseTargets: Array<{ __typename?: 'ResponseTarget', validFrom: string, withinSeconds: number | null, clock: ResponseClock }> } };

export type SetResponseTargetMutationVariables = Exact<{
  input: ResponseTargetInput;
}>;


export type SetResponseTargetMutation = { __typename?: 'Mutation', setResponseTarget: { __typename?: 'Business', id: string, responseTargets: Array<{ __typename?: 'ResponseTarget', validFrom: string, withinSeconds: number | null, clock: ResponseClock }> } };

export type MetricFragment = { __typename?: 'MetricValue', key: string, value: number | null, numerator: number | null, denominator: number | null, low: number | null, high: number | null, n: number, state: MetricState, previous: number | null, previousLow: number | null, previousHigh: number | null, change: number | null, moved: boolean, sentence: string, definition: { __typename?: 'MetricDefinition', key: string, version: number, name: string, sentence: string, unit: Unit, better: Direction | null }, spark: Array<{ __typename?: 'SparkPoint', day: string, value: number | null, previous: number | null, state: MetricState }>, rowsRef: { __typename?: 'RowsRef', metric: string, stage: string | null, from: string, to: string, campaignId: string | null, cohort: string | null, column: number | null, bucket: string | null, kind: ResponseKind | null, responder: Responder | null, clock: ResponseClock | null } | null };

export type RowsQueryVariables = Exact<{
  business: Scalars['ID']['input'];
  input: RowsInput;
  first: Scalars['Int']['input'];
  after: InputMaybe<Scalars['String']['input']>;
}>;


export type RowsQuery = { __typename?: 'Query', business: { __typename?: 'Business', id: string, rows: { __typename?: 'MetricRowConnection', total: number, edges: Array<{ __typename?: 'MetricRowEdge', cursor: string, node: { __typename?: 'MetricRow', at: string, seconds: number | null, outcome: SpellOutcome | null, label: string, detail: string, contact: { __typename?: 'Contact', id: string, name: string }, conversation: { __typename?: 'Conversation', id: string } | null } }>, pageInfo: { __typename?: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const CampaignPlanFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}
    `, {"fragmentName":"CampaignPlan"}) as unknown as TypedDocumentString<CampaignPlanFragment, unknown>;
export const CountedHourFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment CountedHour on IntakeHour {
  hour
  accepted
  dropped
  failed
  deferred
  refused
  reasons {
    outcome
    reason
    events
  }
}
    `, {"fragmentName":"CountedHour"}) as unknown as TypedDocumentString<CountedHourFragment, unknown>;
export const AccountCardFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment AccountCard on ChannelAccount {
  id
  channel
  externalId
  name
  status
  lastEventAt
  createdAt
  callbackUrl
  callbackPath
  health {
    state
    sentence(locale: $locale)
    silentFrom
  }
  counters {
    ...CountedHour
  }
}
    fragment CountedHour on IntakeHour {
  hour
  accepted
  dropped
  failed
  deferred
  refused
  reasons {
    outcome
    reason
    events
  }
}`, {"fragmentName":"AccountCard"}) as unknown as TypedDocumentString<AccountCardFragment, unknown>;
export const LiveRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment LiveRow on LiveEvent {
  id
  kind
  role
  name
  channel
  account {
    id
    name
  }
  contact {
    id
    name
  }
  at
  receivedAt
  text
  raw
}
    `, {"fragmentName":"LiveRow"}) as unknown as TypedDocumentString<LiveRowFragment, unknown>;
export const ReplayRowFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment ReplayRow on Replay {
  id
  kind
  requestedBy
  requestedAt
  finishedAt
  matched
  done
  failed
  storedEvents
  knownEvents
  sentence(locale: $locale)
}
    `, {"fragmentName":"ReplayRow"}) as unknown as TypedDocumentString<ReplayRowFragment, unknown>;
export const MetricFragmentDoc = /*#__PURE__*/ new TypedDocumentString(`
    fragment Metric on MetricValue {
  key
  definition {
    key
    version
    name
    sentence
    unit
    better
  }
  value
  numerator
  denominator
  low
  high
  n
  state
  previous
  previousLow
  previousHigh
  change
  moved
  sentence
  spark {
    day
    value
    previous
    state
  }
  rowsRef {
    metric
    stage
    from
    to
    campaignId
    cohort
    column
    bucket
    kind
    responder
    clock
  }
}
    `, {"fragmentName":"Metric"}) as unknown as TypedDocumentString<MetricFragment, unknown>;
export const ViewerDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Viewer {
  viewer {
    kind
    name
    email
    scopes
    businesses {
      role
      business {
        id
        name
        slug
        timeZone
        currency
        locale
        isDemo
        createdAt
        permissions
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const FrameDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Frame($business: ID!) {
  business(id: $business) {
    id
    freshness {
      completeTo
      silentAccounts {
        id
        name
        channel
        lastEventAt
      }
    }
    accounts {
      id
      name
      channel
    }
  }
}
    `) as unknown as TypedDocumentString<FrameQuery, FrameQueryVariables>;
export const FindDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Find($business: ID!, $search: String!) {
  business(id: $business) {
    id
    contacts(first: 6, search: $search) {
      edges {
        node {
          id
          name
          conversations {
            id
          }
        }
      }
    }
    campaigns(first: 50) {
      edges {
        node {
          id
          name
          status
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FindQuery, FindQueryVariables>;
export const SchedulePreviewDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SchedulePreview($business: ID!, $startLocal: String!, $rule: String!, $inContactZone: Boolean!) {
  business(id: $business) {
    id
    schedulePreview(
      startLocal: $startLocal
      rule: $rule
      inContactZone: $inContactZone
      first: 10
    ) {
      problem
      zones
      runs {
        at
        local
        kind
      }
    }
    sendingPolicy {
      quietHours {
        from
        to
      }
      frequencyCap {
        messages
        days
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SchedulePreviewQuery, SchedulePreviewQueryVariables>;
export const CampaignsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Campaigns($business: ID!, $first: Int!, $after: String, $locale: Locale!) {
  business(id: $business) {
    id
    campaigns(first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          name
          channel
          topic
          status
          statusReason
          scheduledAt
          schedule {
            rule
            inContactZone
          }
          series {
            id
          }
          plannedAt
          finishedAt
          createdAt
          funnel {
            targeted
            sent
            pending
            held
            ordered {
              closed
            }
          }
          lift(locale: $locale) {
            difference
            low
            high
            extraOrders
            extraOrdersLow
            extraOrdersHigh
            verdict
            state
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CampaignsQuery, CampaignsQueryVariables>;
export const CampaignPlacesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CampaignPlaces($business: ID!) {
  business(id: $business) {
    id
    topics {
      channel
      topic
      optedIn
    }
    accounts {
      id
      channel
      name
      status
    }
  }
}
    `) as unknown as TypedDocumentString<CampaignPlacesQuery, CampaignPlacesQueryVariables>;
export const AudiencePreviewDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AudiencePreview($business: ID!, $input: AudienceInput!, $locale: Locale!) {
  business(id: $business) {
    id
    audiencePreview(input: $input, locale: $locale) {
      matched
      reachable
      willBeSent
      holdout
      excluded {
        reason
        label
        count
      }
      sample {
        id
        name
      }
      at
    }
  }
}
    `) as unknown as TypedDocumentString<AudiencePreviewQuery, AudiencePreviewQueryVariables>;
export const CampaignDraftDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CampaignDraft($business: ID!, $id: ID!) {
  business(id: $business) {
    id
    campaign(id: $id) {
      ...CampaignPlan
    }
  }
}
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}`) as unknown as TypedDocumentString<CampaignDraftQuery, CampaignDraftQueryVariables>;
export const CampaignReportDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CampaignReport($business: ID!, $id: ID!, $locale: Locale!) {
  business(id: $business) {
    id
    campaign(id: $id) {
      ...CampaignPlan
      funnel {
        targeted
        eligible
        holdout
        excluded {
          reason
          label
          count
        }
        attempted
        held
        withdrawn {
          reason
          label
          count
        }
        sent
        failed {
          reason
          label
          count
        }
        unknown
        pending
        delivered {
          raw
          closed
        }
        read {
          raw
          closed
        }
        replied {
          raw
          closed
        }
        ordered {
          raw
          closed
        }
        revenue {
          amount
          currency
        }
        sumsHold
      }
      lift(locale: $locale) {
        treated
        treatedOrdered
        control
        controlOrdered
        treatedRate
        controlRate
        difference
        low
        high
        extraOrders
        extraOrdersLow
        extraOrdersHigh
        verdict
        state
        sentence
      }
    }
  }
}
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}`) as unknown as TypedDocumentString<CampaignReportQuery, CampaignReportQueryVariables>;
export const CampaignRunsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CampaignRuns($business: ID!, $id: ID!) {
  business(id: $business) {
    id
    campaign(id: $id) {
      id
      nextRuns(first: 5) {
        at
      }
      runs(first: 30) {
        id
        status
        statusReason
        scheduledAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CampaignRunsQuery, CampaignRunsQueryVariables>;
export const CampaignSendsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query CampaignSends($business: ID!, $id: ID!, $first: Int!, $after: String, $status: SendStatus, $reason: String, $search: String, $locale: Locale!) {
  business(id: $business) {
    id
    campaign(id: $id) {
      id
      sends(
        first: $first
        after: $after
        status: $status
        reason: $reason
        search: $search
      ) {
        total
        edges {
          cursor
          node {
            id
            contact {
              id
              name
              conversations {
                id
                account {
                  id
                }
              }
            }
            status
            arm
            reason
            reasonLabel(locale: $locale)
            nextEligibleAt
            plannedAt
            sentAt
            delivered
            read
            replied
            ordered
            errorCode
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CampaignSendsQuery, CampaignSendsQueryVariables>;
export const CreateCampaignDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateCampaign($input: CreateCampaignInput!) {
  createCampaign(input: $input) {
    ...CampaignPlan
  }
}
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}`) as unknown as TypedDocumentString<CreateCampaignMutation, CreateCampaignMutationVariables>;
export const UpdateCampaignDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateCampaign($id: ID!, $business: ID!, $input: UpdateCampaignInput!) {
  updateCampaign(id: $id, businessId: $business, input: $input) {
    ...CampaignPlan
  }
}
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}`) as unknown as TypedDocumentString<UpdateCampaignMutation, UpdateCampaignMutationVariables>;
export const ScheduleCampaignDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ScheduleCampaign($id: ID!, $business: ID!, $at: DateTime, $schedule: CampaignScheduleInput, $misfire: MisfirePolicy) {
  scheduleCampaign(
    id: $id
    businessId: $business
    at: $at
    schedule: $schedule
    misfire: $misfire
  ) {
    ...CampaignPlan
  }
}
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}`) as unknown as TypedDocumentString<ScheduleCampaignMutation, ScheduleCampaignMutationVariables>;
export const PauseCampaignDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation PauseCampaign($id: ID!, $business: ID!) {
  pauseCampaign(id: $id, businessId: $business) {
    ...CampaignPlan
  }
}
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}`) as unknown as TypedDocumentString<PauseCampaignMutation, PauseCampaignMutationVariables>;
export const ResumeCampaignDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ResumeCampaign($id: ID!, $business: ID!) {
  resumeCampaign(id: $id, businessId: $business) {
    ...CampaignPlan
  }
}
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}`) as unknown as TypedDocumentString<ResumeCampaignMutation, ResumeCampaignMutationVariables>;
export const DuplicateCampaignDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DuplicateCampaign($id: ID!, $business: ID!, $name: String!) {
  duplicateCampaign(id: $id, businessId: $business, name: $name) {
    ...CampaignPlan
  }
}
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}`) as unknown as TypedDocumentString<DuplicateCampaignMutation, DuplicateCampaignMutationVariables>;
export const CancelCampaignDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CancelCampaign($id: ID!, $business: ID!) {
  cancelCampaign(id: $id, businessId: $business) {
    ...CampaignPlan
  }
}
    fragment CampaignPlan on Campaign {
  id
  name
  channel
  account {
    id
    name
    channel
  }
  topic
  messageText
  audience
  holdoutPercent
  conversionDays
  status
  statusReason
  scheduledAt
  offerEndsAt
  plannedAt
  finishedAt
  createdAt
  createdBy
  misfire
  schedule {
    startLocal
    rule
    inContactZone
  }
  sendingWindow {
    from
    to
    weekdays
  }
  series {
    id
    name
  }
}`) as unknown as TypedDocumentString<CancelCampaignMutation, CancelCampaignMutationVariables>;
export const AccountCardsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AccountCards($business: ID!, $locale: Locale!, $mayWrite: Boolean!) {
  business(id: $business) {
    id
    accounts {
      ...AccountCard
      metaAppId @include(if: $mayWrite)
    }
    intakeQuota {
      eventsPerSecond
      burstEvents
      eventsPerDay
    }
    intakeUsage {
      today
      dayEndsAt
      deferredEvents
      refusedLastHour
    }
  }
}
    fragment AccountCard on ChannelAccount {
  id
  channel
  externalId
  name
  status
  lastEventAt
  createdAt
  callbackUrl
  callbackPath
  health {
    state
    sentence(locale: $locale)
    silentFrom
  }
  counters {
    ...CountedHour
  }
}
fragment CountedHour on IntakeHour {
  hour
  accepted
  dropped
  failed
  deferred
  refused
  reasons {
    outcome
    reason
    events
  }
}`) as unknown as TypedDocumentString<AccountCardsQuery, AccountCardsQueryVariables>;
export const AccountPageDocument = /*#__PURE__*/ new TypedDocumentString(`
    query AccountPage($account: ID!, $locale: Locale!, $mayWrite: Boolean!) {
  node(id: $account) {
    __typename
    ... on ChannelAccount {
      ...AccountCard
      health {
        usualGapSeconds
        signatureFailuresLastHour
        signatureFailuresLastDay
        subscription
        subscriptionCheckedAt
        subscriptionPending
      }
      setup {
        handshakeAt
        firstSignedAt
        firstMessageAt
      }
      earlierEvents {
        waitingEntries
        replay {
          id
          finishedAt
          storedEvents
          sentence(locale: $locale)
        }
      }
      verifyToken @include(if: $mayWrite)
      metaAppId @include(if: $mayWrite)
      secrets @include(if: $mayWrite) {
        newest
        since
        validUntil
      }
    }
  }
}
    fragment AccountCard on ChannelAccount {
  id
  channel
  externalId
  name
  status
  lastEventAt
  createdAt
  callbackUrl
  callbackPath
  health {
    state
    sentence(locale: $locale)
    silentFrom
  }
  counters {
    ...CountedHour
  }
}
fragment CountedHour on IntakeHour {
  hour
  accepted
  dropped
  failed
  deferred
  refused
  reasons {
    outcome
    reason
    events
  }
}`) as unknown as TypedDocumentString<AccountPageQuery, AccountPageQueryVariables>;
export const ConnectMetaAppDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ConnectMetaApp($input: ConnectMetaAppInput!) {
  connectMetaApp(input: $input) {
    id
    appId
    name
    callbackPath
    secretCount
  }
}
    `) as unknown as TypedDocumentString<ConnectMetaAppMutation, ConnectMetaAppMutationVariables>;
export const ConnectAccountDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ConnectAccount($input: ConnectAccountInput!) {
  connectAccount(input: $input) {
    secret
    callbackPath
    account {
      id
      name
      channel
    }
  }
}
    `) as unknown as TypedDocumentString<ConnectAccountMutation, ConnectAccountMutationVariables>;
export const RotateAccountSecretDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RotateAccountSecret($business: ID!, $id: ID!, $secret: String, $hours: Int!) {
  rotateAccountSecret(
    businessId: $business
    id: $id
    secret: $secret
    overlapHours: $hours
  ) {
    secret
  }
}
    `) as unknown as TypedDocumentString<RotateAccountSecretMutation, RotateAccountSecretMutationVariables>;
export const RotateMetaAppSecretDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RotateMetaAppSecret($business: ID!, $app: ID!, $secret: String!, $hours: Int!) {
  rotateMetaAppSecret(
    businessId: $business
    metaAppId: $app
    appSecret: $secret
    overlapHours: $hours
  )
}
    `) as unknown as TypedDocumentString<RotateMetaAppSecretMutation, RotateMetaAppSecretMutationVariables>;
export const RenameAccountDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RenameAccount($business: ID!, $id: ID!, $name: String!) {
  updateAccount(businessId: $business, id: $id, name: $name) {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<RenameAccountMutation, RenameAccountMutationVariables>;
export const CheckSubscriptionDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CheckSubscription($business: ID!, $id: ID!) {
  checkSubscription(businessId: $business, id: $id) {
    id
  }
}
    `) as unknown as TypedDocumentString<CheckSubscriptionMutation, CheckSubscriptionMutationVariables>;
export const DisconnectAccountDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DisconnectAccount($business: ID!, $id: ID!) {
  disconnectAccount(businessId: $business, id: $id) {
    id
    status
  }
}
    `) as unknown as TypedDocumentString<DisconnectAccountMutation, DisconnectAccountMutationVariables>;
export const ConversationsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Conversations($business: ID!, $first: Int!, $after: String, $waitingOnly: Boolean!, $search: String, $filter: FilterInput) {
  business(id: $business) {
    id
    conversations(
      first: $first
      after: $after
      waitingOnly: $waitingOnly
      search: $search
      filter: $filter
    ) {
      edges {
        cursor
        node {
          id
          contact {
            id
            name
          }
          account {
            id
            name
            channel
          }
          lastMessageAt
          lastText
          lastRole
          waitingSince
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ConversationsQuery, ConversationsQueryVariables>;
export const WaitingCountDocument = /*#__PURE__*/ new TypedDocumentString(`
    query WaitingCount($business: ID!) {
  business(id: $business) {
    id
    waitingNow(first: 1) {
      total
    }
  }
}
    `) as unknown as TypedDocumentString<WaitingCountQuery, WaitingCountQueryVariables>;
export const ThreadDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Thread($business: ID!, $id: ID!, $last: Int!, $before: String) {
  business(id: $business) {
    id
    conversation(id: $id) {
      id
      messageCount
      waitingSince
      account {
        id
        name
        channel
      }
      contact {
        id
        name
      }
      messages(last: $last, before: $before) {
        edges {
          cursor
          node {
            id
            kind
            name
            role
            at
            text
            detail
            amount
            currency
            delivered
            read
          }
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
      }
      spells {
        openedAt
        closedAt
        outcome
        seconds
        isFirst
        burst
        botAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ThreadQuery, ThreadQueryVariables>;
export const PersonDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Person($business: ID!, $id: ID!) {
  business(id: $business) {
    id
    contact(id: $id) {
      id
      name
      locale
      createdAt
      identities {
        namespace
        value
      }
      consents {
        channel
        topic
        granted
        since
        ledger {
          action
          topic
          occurredAt
          recordedAt
          source
          actor
          wording
        }
      }
      conversations {
        id
        account {
          id
          name
          channel
        }
      }
      orders {
        orderId
        at
        amount
        currency
        status
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PersonQuery, PersonQueryVariables>;
export const FindPeopleDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FindPeople($business: ID!, $search: String!, $first: Int!) {
  business(id: $business) {
    id
    contacts(search: $search, first: $first) {
      edges {
        node {
          id
          name
          identities {
            value
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<FindPeopleQuery, FindPeopleQueryVariables>;
export const MergePreviewDocument = /*#__PURE__*/ new TypedDocumentString(`
    query MergePreview($business: ID!, $a: ID!, $b: ID!) {
  business(id: $business) {
    id
    contactMergePreview(contactId: $a, otherContactId: $b) {
      peopleBefore
      peopleAfter
      kept {
        contact {
          id
          name
        }
      }
      moved {
        contact {
          id
          name
        }
      }
      after {
        conversations
        identities {
          value
        }
        consents {
          channel
          topic
          granted
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MergePreviewQuery, MergePreviewQueryVariables>;
export const MergeDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Merge($business: ID!, $a: ID!, $b: ID!) {
  mergeContacts(businessId: $business, contactId: $a, otherContactId: $b) {
    mergeId
    contact {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<MergeMutation, MergeMutationVariables>;
export const UnmergeDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation Unmerge($business: ID!, $merge: ID!) {
  unmergeContact(businessId: $business, mergeId: $merge) {
    stillOne
  }
}
    `) as unknown as TypedDocumentString<UnmergeMutation, UnmergeMutationVariables>;
export const RecentEventsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query RecentEvents($business: ID!, $first: Int!) {
  business(id: $business) {
    id
    recentEvents(first: $first) {
      ...LiveRow
    }
  }
}
    fragment LiveRow on LiveEvent {
  id
  kind
  role
  name
  channel
  account {
    id
    name
  }
  contact {
    id
    name
  }
  at
  receivedAt
  text
  raw
}`) as unknown as TypedDocumentString<RecentEventsQuery, RecentEventsQueryVariables>;
export const IntakeDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Intake($business: ID!) {
  business(id: $business) {
    id
    intake {
      acceptedLastHour
      unknownLastHour {
        reason
        label
        count
      }
      failedEvents
      inboxWaiting
      lagSeconds
    }
  }
}
    `) as unknown as TypedDocumentString<IntakeQuery, IntakeQueryVariables>;
export const LiveEventsDocument = /*#__PURE__*/ new TypedDocumentString(`
    subscription LiveEvents($business: ID!, $after: ID) {
  liveEvents(businessId: $business, after: $after) {
    ...LiveRow
  }
}
    fragment LiveRow on LiveEvent {
  id
  kind
  role
  name
  channel
  account {
    id
    name
  }
  contact {
    id
    name
  }
  at
  receivedAt
  text
  raw
}`) as unknown as TypedDocumentString<LiveEventsSubscription, LiveEventsSubscriptionVariables>;
export const IntakeReasonsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query IntakeReasons($business: ID!, $locale: Locale!) {
  business(id: $business) {
    id
    accounts {
      id
      name
      channel
      counters {
        ...CountedHour
      }
    }
    intake(locale: $locale) {
      unknownLastHour {
        reason
        label
        count
      }
    }
  }
}
    fragment CountedHour on IntakeHour {
  hour
  accepted
  dropped
  failed
  deferred
  refused
  reasons {
    outcome
    reason
    events
  }
}`) as unknown as TypedDocumentString<IntakeReasonsQuery, IntakeReasonsQueryVariables>;
export const FailedEventsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FailedEvents($business: ID!, $locale: Locale!, $filter: FailedEventFilter!, $first: Int!, $after: String, $mayRead: Boolean!) {
  business(id: $business) {
    id
    failedEvents(filter: $filter, first: $first, after: $after) {
      total
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          channel
          account {
            id
            name
          }
          reason
          label(locale: $locale)
          detail
          attempts
          firstSeenAt
          lastSeenAt
          state
          queued
          replayId
          parsersChanged
          storedEvents
          settledAt
          settledBy
          payload @include(if: $mayRead)
          original @include(if: $mayRead)
        }
      }
    }
    intake(locale: $locale) {
      failedEvents
      failedByReason {
        reason
        label
        count
      }
    }
    accounts {
      id
      name
    }
    replays(first: 5) {
      ...ReplayRow
    }
  }
}
    fragment ReplayRow on Replay {
  id
  kind
  requestedBy
  requestedAt
  finishedAt
  matched
  done
  failed
  storedEvents
  knownEvents
  sentence(locale: $locale)
}`) as unknown as TypedDocumentString<FailedEventsQuery, FailedEventsQueryVariables>;
export const ReplayProgressDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ReplayProgress($business: ID!, $id: ID!, $locale: Locale!) {
  business(id: $business) {
    id
    replay(id: $id) {
      ...ReplayRow
    }
  }
}
    fragment ReplayRow on Replay {
  id
  kind
  requestedBy
  requestedAt
  finishedAt
  matched
  done
  failed
  storedEvents
  knownEvents
  sentence(locale: $locale)
}`) as unknown as TypedDocumentString<ReplayProgressQuery, ReplayProgressQueryVariables>;
export const ReplayFailedEventDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ReplayFailedEvent($business: ID!, $id: ID!, $payload: String, $locale: Locale!) {
  replayFailedEvent(businessId: $business, id: $id, payload: $payload) {
    ...ReplayRow
  }
}
    fragment ReplayRow on Replay {
  id
  kind
  requestedBy
  requestedAt
  finishedAt
  matched
  done
  failed
  storedEvents
  knownEvents
  sentence(locale: $locale)
}`) as unknown as TypedDocumentString<ReplayFailedEventMutation, ReplayFailedEventMutationVariables>;
export const ReplayFailedEventsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ReplayFailedEvents($business: ID!, $filter: FailedEventFilter!, $locale: Locale!) {
  replayFailedEvents(businessId: $business, filter: $filter) {
    ...ReplayRow
  }
}
    fragment ReplayRow on Replay {
  id
  kind
  requestedBy
  requestedAt
  finishedAt
  matched
  done
  failed
  storedEvents
  knownEvents
  sentence(locale: $locale)
}`) as unknown as TypedDocumentString<ReplayFailedEventsMutation, ReplayFailedEventsMutationVariables>;
export const DismissFailedEventDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation DismissFailedEvent($business: ID!, $id: ID!) {
  dismissFailedEvent(businessId: $business, id: $id) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<DismissFailedEventMutation, DismissFailedEventMutationVariables>;
export const ParkedAccountsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ParkedAccounts {
  parkedAccounts(first: 50) {
    channel
    externalId
    entries
    metaAppName
    oldestAt
    newestAt
  }
}
    `) as unknown as TypedDocumentString<ParkedAccountsQuery, ParkedAccountsQueryVariables>;
export const OverviewDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Overview($business: ID!, $period: PeriodInput!, $compare: Compare!, $locale: Locale!) {
  business(id: $business) {
    id
    overview(period: $period, compare: $compare, locale: $locale) {
      period {
        from
        to
      }
      comparedWith {
        from
        to
      }
      headline
      metrics {
        ...Metric
      }
      nextCampaign {
        id
        name
        topic
        channel
        scheduledAt
        status
        messageText
      }
      needsYou {
        kind
        text
        link
      }
    }
  }
}
    fragment Metric on MetricValue {
  key
  definition {
    key
    version
    name
    sentence
    unit
    better
  }
  value
  numerator
  denominator
  low
  high
  n
  state
  previous
  previousLow
  previousHigh
  change
  moved
  sentence
  spark {
    day
    value
    previous
    state
  }
  rowsRef {
    metric
    stage
    from
    to
    campaignId
    cohort
    column
    bucket
    kind
    responder
    clock
  }
}`) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const WaitingNowDocument = /*#__PURE__*/ new TypedDocumentString(`
    query WaitingNow($business: ID!, $first: Int!) {
  business(id: $business) {
    id
    waitingNow(first: $first) {
      total
      longestSeconds
      spells {
        conversation {
          id
          account {
            name
            channel
          }
        }
        contact {
          id
          name
        }
        openedAt
        waitedSeconds
        lastText
        burst
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WaitingNowQuery, WaitingNowQueryVariables>;
export const FirstRunDocument = /*#__PURE__*/ new TypedDocumentString(`
    query FirstRun($business: ID!) {
  business(id: $business) {
    id
    accounts {
      id
      channel
      lastEventAt
    }
    topics {
      optedIn
    }
    members {
      id
    }
    invitations {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<FirstRunQuery, FirstRunQueryVariables>;
export const ResponseGroupsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ResponseGroups($business: ID!, $period: PeriodInput!, $by: ResponseGroupBy!, $kind: ResponseKind!, $responder: Responder!, $clock: ResponseClock!, $filter: FilterInput) {
  business(id: $business) {
    id
    responseGroups(
      period: $period
      by: $by
      kind: $kind
      responder: $responder
      clock: $clock
      filter: $filter
    ) {
      key
      name
      n
      answered
      waiting
      abandoned
      median
      medianLow
      medianHigh
      p90
      answeredIn15Min
      within15Min
      within15MinLow
      within15MinHigh
    }
  }
}
    `) as unknown as TypedDocumentString<ResponseGroupsQuery, ResponseGroupsQueryVariables>;
export const PromisesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Promises($business: ID!, $period: PeriodInput!, $filter: FilterInput, $first: Int!, $locale: Locale!) {
  business(id: $business) {
    id
    targetKept(period: $period, filter: $filter, locale: $locale) {
      current {
        validFrom
        withinSeconds
        clock
      }
      kept
      breached
      running
      left
      free
      share
      low
      high
      sentence
    }
    dueWaits(first: $first, filter: $filter) {
      contact {
        id
        name
      }
      conversation {
        id
      }
      dueAt
      breached
      leftSeconds
    }
    metaBadges(locale: $locale) {
      account {
        id
        name
      }
      from
      to
      messages
      answered
      waiting
      responseSeconds
      median
      held
      sentence
    }
  }
}
    `) as unknown as TypedDocumentString<PromisesQuery, PromisesQueryVariables>;
export const ResponseTimesDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ResponseTimes($business: ID!, $period: PeriodInput!, $compare: Compare!, $kind: ResponseKind!, $responder: Responder!, $clock: ResponseClock!, $filter: FilterInput, $locale: Locale!) {
  business(id: $business) {
    id
    responseTimes(
      period: $period
      compare: $compare
      kind: $kind
      responder: $responder
      clock: $clock
      filter: $filter
      locale: $locale
    ) {
      headline
      hoursKnownFrom
      median {
        ...Metric
      }
      p90 {
        ...Metric
      }
      answeredWithin {
        seconds
        answered
        share
        low
        high
        n
      }
      restrictedMean24hSeconds
      restrictedMean24hLow
      restrictedMean24hHigh
      opened
      answered
      waiting
      abandoned
      answeredAtOnce
      medianOfAnswered
      days {
        day
        p50
        p75
        p90
        n
        answered
        state
        previousP50
        revision {
          sentence
          lateEvents
        }
      }
      distribution {
        bucket
        fromSeconds
        toSeconds
        answered
        waiting
        abandoned
      }
      survival {
        seconds
        stillWaiting
        low
        high
      }
      heatmap {
        weekday
        hour
        median
        n
      }
    }
  }
}
    fragment Metric on MetricValue {
  key
  definition {
    key
    version
    name
    sentence
    unit
    better
  }
  value
  numerator
  denominator
  low
  high
  n
  state
  previous
  previousLow
  previousHigh
  change
  moved
  sentence
  spark {
    day
    value
    previous
    state
  }
  rowsRef {
    metric
    stage
    from
    to
    campaignId
    cohort
    column
    bucket
    kind
    responder
    clock
  }
}`) as unknown as TypedDocumentString<ResponseTimesQuery, ResponseTimesQueryVariables>;
export const RetentionDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Retention($business: ID!, $period: PeriodInput!, $grain: RetentionPeriod!, $entry: RetentionEntry!, $return: RetentionReturn!, $activity: String!, $columns: Int!, $filter: FilterInput, $options: RetentionOptionsInput, $locale: Locale!) {
  business(id: $business) {
    id
    retention(
      period: $period
      grain: $grain
      entry: $entry
      return: $return
      activity: $activity
      columns: $columns
      filter: $filter
      options: $options
      locale: $locale
    ) {
      grain
      return
      headline
      question
      columns
      looks {
        column
        from
        to
      }
      rows {
        cohort
        size
        state
        cells {
          column
          n
          share
          low
          high
          state
        }
      }
      average {
        column
        share
        low
        high
        rowsUsed
        numerator
        denominator
      }
      segments {
        value
        size
        average {
          column
          share
          low
          high
          rowsUsed
          numerator
          denominator
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RetentionQuery, RetentionQueryVariables>;
export const SettingsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Settings($business: ID!) {
  business(id: $business) {
    id
    name
    slug
    timeZone
    currency
    locale
    isDemo
    businessHours {
      validFrom
      weekly
      holidays
    }
  }
}
    `) as unknown as TypedDocumentString<SettingsQuery, SettingsQueryVariables>;
export const MembersDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Members($business: ID!) {
  business(id: $business) {
    id
    members {
      id
      name
      email
      role
      since
      isYou
    }
    invitations {
      id
      email
      role
      expiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<MembersQuery, MembersQueryVariables>;
export const ApiKeysDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ApiKeys($business: ID!) {
  business(id: $business) {
    id
    apiKeys {
      id
      name
      start
      scopes
      createdAt
      expiresAt
      lastUsedAt
    }
  }
}
    `) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const TopicsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Topics($business: ID!) {
  business(id: $business) {
    id
    topics {
      channel
      topic
      optedIn
    }
  }
}
    `) as unknown as TypedDocumentString<TopicsQuery, TopicsQueryVariables>;
export const UpdateBusinessDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation UpdateBusiness($input: UpdateBusinessInput!) {
  updateBusiness(input: $input) {
    id
    name
    timeZone
    currency
    locale
  }
}
    `) as unknown as TypedDocumentString<UpdateBusinessMutation, UpdateBusinessMutationVariables>;
export const SetBusinessHoursDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SetBusinessHours($input: BusinessHoursInput!) {
  setBusinessHours(input: $input) {
    id
    businessHours {
      validFrom
      weekly
      holidays
    }
  }
}
    `) as unknown as TypedDocumentString<SetBusinessHoursMutation, SetBusinessHoursMutationVariables>;
export const RemoveDemoDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RemoveDemo {
  removeDemo
}
    `) as unknown as TypedDocumentString<RemoveDemoMutation, RemoveDemoMutationVariables>;
export const InviteMemberDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation InviteMember($business: ID!, $email: String!, $role: Role!) {
  inviteMember(businessId: $business, email: $email, role: $role) {
    id
    email
    role
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<InviteMemberMutation, InviteMemberMutationVariables>;
export const CancelInvitationDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CancelInvitation($business: ID!, $id: ID!) {
  cancelInvitation(businessId: $business, id: $id)
}
    `) as unknown as TypedDocumentString<CancelInvitationMutation, CancelInvitationMutationVariables>;
export const ChangeRoleDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ChangeRole($business: ID!, $member: ID!, $role: Role!) {
  changeRole(businessId: $business, memberId: $member, role: $role) {
    id
    role
  }
}
    `) as unknown as TypedDocumentString<ChangeRoleMutation, ChangeRoleMutationVariables>;
export const RemoveMemberDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RemoveMember($business: ID!, $member: ID!) {
  removeMember(businessId: $business, memberId: $member)
}
    `) as unknown as TypedDocumentString<RemoveMemberMutation, RemoveMemberMutationVariables>;
export const CreateApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    key
    apiKey {
      id
      name
    }
  }
}
    `) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation RevokeApiKey($business: ID!, $id: ID!) {
  revokeApiKey(businessId: $business, id: $id)
}
    `) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const ImportConsentsDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation ImportConsents($business: ID!, $input: ImportConsentsInput!) {
  importConsents(businessId: $business, input: $input) {
    accepted
    duplicates
    rejected {
      line
      reason
    }
  }
}
    `) as unknown as TypedDocumentString<ImportConsentsMutation, ImportConsentsMutationVariables>;
export const SendingPolicyDocument = /*#__PURE__*/ new TypedDocumentString(`
    query SendingPolicy($business: ID!) {
  business(id: $business) {
    id
    sendingPolicy {
      quietHours {
        from
        to
      }
      frequencyCap {
        messages
        days
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SendingPolicyQuery, SendingPolicyQueryVariables>;
export const SetSendingPolicyDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SetSendingPolicy($business: ID!, $quietHours: QuietHoursInput, $frequencyCap: FrequencyCapInput) {
  setSendingPolicy(
    businessId: $business
    quietHours: $quietHours
    frequencyCap: $frequencyCap
  ) {
    quietHours {
      from
      to
    }
  }
}
    `) as unknown as TypedDocumentString<SetSendingPolicyMutation, SetSendingPolicyMutationVariables>;
export const ResponseTargetsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query ResponseTargets($business: ID!) {
  business(id: $business) {
    id
    responseTargets {
      validFrom
      withinSeconds
      clock
    }
  }
}
    `) as unknown as TypedDocumentString<ResponseTargetsQuery, ResponseTargetsQueryVariables>;
export const SetResponseTargetDocument = /*#__PURE__*/ new TypedDocumentString(`
    mutation SetResponseTarget($input: ResponseTargetInput!) {
  setResponseTarget(input: $input) {
    id
    responseTargets {
      validFrom
      withinSeconds
      clock
    }
  }
}
    `) as unknown as TypedDocumentString<SetResponseTargetMutation, SetResponseTargetMutationVariables>;
export const RowsDocument = /*#__PURE__*/ new TypedDocumentString(`
    query Rows($business: ID!, $input: RowsInput!, $first: Int!, $after: String) {
  business(id: $business) {
    id
    rows(input: $input, first: $first, after: $after) {
      total
      edges {
        cursor
        node {
          contact {
            id
            name
          }
          conversation {
            id
          }
          at
          seconds
          outcome
          label
          detail
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RowsQuery, RowsQueryVariables>;