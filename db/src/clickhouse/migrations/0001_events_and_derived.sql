-- The facts. One row per event; a contact's history is contiguous, so that deriving its spells reads one short range.
-- A redelivery has the same row_id and (when the provider gave a time) the same ts: merges keep the row received first.
-- Readers never rely on merges: they take `limit 1 by row_id` ordered by received_at, or count distinct row_ids.
create table if not exists events
(
    business_id  UUID,
    contact_id   UInt32,                             -- 0: the event has no person
    account_id   UUID,
    channel      LowCardinality(String),
    kind         LowCardinality(String),             -- core/event.ts eventKinds
    role         LowCardinality(String),             -- customer, human, bot, campaign, system
    name         LowCardinality(String),             -- custom event name, or why an event is unknown
    ts           DateTime64(3, 'UTC'),               -- when it happened
    received_at  DateTime64(3, 'UTC'),
    time_flag    LowCardinality(String),
    row_id       UUID,                               -- identity of the fact
    external_id  String,
    text         String,
    refs         Array(String),
    watermark_at DateTime64(3, 'UTC'),               -- receipts only; 1970 = none
    order_id     String,
    amount       Decimal(18, 4),
    currency     LowCardinality(String),
    app_id       LowCardinality(String),
    data         String,
    raw          String codec (ZSTD(1)),
    inserted_at  DateTime64(3, 'UTC') default now64(3, 'UTC'),
    received_rank UInt64 materialized 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(received_at)),
    index inserted_at_minmax inserted_at type minmax granularity 1
)
engine = ReplacingMergeTree(received_rank)
partition by toYYYYMM(ts)
order by (business_id, contact_id, ts, row_id)
settings non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- Who was active on which local day of the business: sets, so duplicates cannot falsify them (measures.md §13).
-- The zone is part of the key: days of two zones can never mix, also while a business changes its zone.
create table if not exists activity
(
    business_id UUID,
    time_zone   LowCardinality(String),              -- whose local days these are
    activity    LowCardinality(String),              -- 'active', or the kind of an event of the customer
    day         Date32,                              -- local day in the business's zone
    contacts    AggregateFunction(groupBitmap, UInt32)
)
engine = AggregatingMergeTree
order by (business_id, time_zone, activity, day)
settings non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- One replaceable row per waiting spell (measures.md §5). The opening message is its identity.
create table if not exists spells
(
    business_id UUID,
    opened_at   DateTime64(3, 'UTC'),
    contact_id  UInt32,
    account_id  UUID,
    opening_id  UUID,                                -- row_id of the opening message
    channel     LowCardinality(String),
    outcome     LowCardinality(String),              -- answered, waiting, abandoned
    closed_at   DateTime64(3, 'UTC'),                -- answer or abandonment; 1970 while waiting
    bot_at      DateTime64(3, 'UTC'),                -- first bot answer inside the spell; 1970 = none
    is_first    UInt8,                               -- contains the opening of an episode
    burst       UInt32,                              -- customer messages in the spell
    app_id      LowCardinality(String),              -- of the answer
    version     UInt64,
    deleted     UInt8,
    index contact_bloom contact_id type bloom_filter granularity 4
)
engine = ReplacingMergeTree(version, deleted)
order by (business_id, opened_at, contact_id, account_id, opening_id)
settings non_replicated_deduplication_window = 1000, fsync_after_insert = 1;

-- A copy of the Postgres `sends` rows for joining with receipts, replies and orders; replaced by version.
create table if not exists send_facts
(
    business_id  UUID,
    campaign_id  UUID,
    contact_id   UInt32,
    step         UInt16,
    send_id      UUID,
    account_id   UUID,
    arm          LowCardinality(String),             -- treatment, holdout, '' when excluded
    status       LowCardinality(String),
    reason       LowCardinality(String),
    planned_at   DateTime64(3, 'UTC'),
    sent_at      DateTime64(3, 'UTC'),               -- 1970 = not sent
    message_id   String,                             -- provider's id
    version      UInt64
)
engine = ReplacingMergeTree(version)
order by (business_id, campaign_id, contact_id, step)
settings non_replicated_deduplication_window = 1000, fsync_after_insert = 1;
