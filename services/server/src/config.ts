import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/**
 * The only reader of the environment. Every setting is checked at once and every complaint is printed together, in
 * sentences that say what to change; the rest of the product receives the frozen, typed `Config`.
 */
export type Role = 'ingest' | 'scheduler' | 'api'
export const allRoles: readonly Role[] = ['ingest', 'scheduler', 'api']

export type Config = {
  http: {
    host: string
    port: number
    publicUrl: string
    bodyBytesMax: number
    shutdownSecondsMax: number
    trustedProxies: number
  }
  stores: {
    dataDir: string
    databaseUrl: string | undefined
    databaseOwnerUrl: string | undefined
    clickhouseUrl: string | undefined
    masterKey: Buffer
  }
  roles: readonly Role[]
  demo: boolean
  operatorKey: string | undefined
  authSecret: string
  graphBaseUrl: string | undefined
  /** where a scheduler without ingest posts the sandbox's receipts */
  ingestUrl: string | undefined
  mail: { smtpUrl: string; from: string } | undefined
  logLevel: string
  /** `migrate`: bring both stores up to date and end (the compose file's first step). */
  task: 'serve' | 'migrate'
}

/** Thrown with every complaint at once; `main` prints it and ends with status 2. */
export class ConfigError extends Error {
  readonly complaints: readonly string[]
  constructor(complaints: readonly string[]) {
    super(`The configuration cannot be used:\n${complaints.map((line) => `  - ${line}`).join('\n')}`)
    this.name = 'ConfigError'
    this.complaints = complaints
  }
}

/** An empty value is an unset one: compose files and shells leave empty strings behind. */
const optional = <T extends z.ZodType>(schema: T) => z.preprocess((v) => (v === '' ? undefined : v), schema.optional())

const Env = z.object({
  PORT: optional(z.coerce.number().int().min(1).max(65535)),
  HOST: optional(z.string()),
  TRUSTED_PROXIES: optional(z.coerce.number().int().min(0).max(10)),
  INGEST_URL: optional(z.url({ protocol: /^https?$/ })),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  DATA_DIR: optional(z.string()),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  DATABASE_OWNER_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  CLICKHOUSE_URL: optional(z.url({ protocol: /^https?$/ })),
  RUN: optional(z.string()),
  DEMO: optional(z.enum(['0', '1'])),
  OPERATOR_KEY: optional(z.string().min(16, 'must be at least 16 characters long')),
  MASTER_KEY: optional(z.string()),
  AUTH_SECRET: optional(z.string().min(32, 'must be at least 32 characters long')),
  GRAPH_BASE_URL: optional(z.url({ protocol: /^https?$/ })),
  SMTP_URL: optional(z.url({ protocol: /^smtps?$/ })),
  MAIL_FROM: optional(z.string()),
  LOG_LEVEL: optional(z.enum(['debug', 'info', 'warn', 'error', 'silent'])),
})

export function readConfig(
  env: Record<string, string | undefined> = process.env,
  args: readonly string[] = process.argv.slice(2),
): Config {
  const complaints: string[] = []
  const e = readEach(env, complaints)
  const roles = readRoles(e.RUN, complaints)
  const embedded = !e.DATABASE_URL || !e.CLICKHOUSE_URL
  if (Boolean(e.DATABASE_URL) !== Boolean(e.CLICKHOUSE_URL)) {
    complaints.push(
      'DATABASE_URL and CLICKHOUSE_URL go together: set both to use servers, or neither for the embedded engines.',
    )
  }
  if (embedded && roles.length < allRoles.length) {
    complaints.push(
      'RUN selects some roles only, but the embedded stores belong to one process: leave RUN unset, or set DATABASE_URL and CLICKHOUSE_URL.',
    )
  }
  if (e.DEMO === '1' && roles.length < allRoles.length) {
    complaints.push('DEMO=1 needs all roles in one process: leave RUN unset, or set DEMO=0.')
  }
  if (!embedded && !e.MASTER_KEY) {
    complaints.push(
      'MASTER_KEY is missing: with your own database servers give 32 random bytes, base64 (openssl rand -base64 32).',
    )
  }
  const masterKey = e.MASTER_KEY ? readMasterKey(e.MASTER_KEY, complaints) : undefined
  if (e.SMTP_URL && !e.MAIL_FROM) complaints.push('MAIL_FROM is missing: SMTP_URL needs a sender address.')
  if (complaints.length > 0) throw new ConfigError(complaints)

  const port = e.PORT ?? 4000
  const dataDir = resolve(e.DATA_DIR ?? '.data')
  const key = masterKey ?? embeddedSecret(dataDir, 'master.key')
  return Object.freeze({
    http: {
      host: e.HOST ?? '127.0.0.1',
      port,
      publicUrl: publicUrlOf(e.PUBLIC_URL, port),
      // WhatsApp bodies may have 3 MB (protocols.md §1.4); a little room for everything around them.
      bodyBytesMax: 4 * 1024 * 1024,
      // Below the ten seconds after which container engines stop asking.
      shutdownSecondsMax: 8,
      trustedProxies: e.TRUSTED_PROXIES ?? 0,
    },
    stores: {
      dataDir,
      databaseUrl: e.DATABASE_URL,
      databaseOwnerUrl: e.DATABASE_OWNER_URL,
      clickhouseUrl: e.CLICKHOUSE_URL,
      masterKey: key,
    },
    roles,
    demo: e.DEMO === undefined ? embedded : e.DEMO === '1',
    operatorKey: e.OPERATOR_KEY,
    // Sessions are signed with a key of their own; without one it is derived from the master key, so restarts keep people signed in.
    authSecret: e.AUTH_SECRET ?? `auth:${key.toString('base64')}`,
    graphBaseUrl: e.GRAPH_BASE_URL,
    ingestUrl: e.INGEST_URL?.replace(/\/$/, ''),
    mail: e.SMTP_URL && e.MAIL_FROM ? { smtpUrl: e.SMTP_URL, from: e.MAIL_FROM } : undefined,
    // On a terminal of one's own the banner speaks; servers keep their diary.
    logLevel: e.LOG_LEVEL ?? (embedded ? 'warn' : 'info'),
    task: args.includes('migrate') ? 'migrate' : 'serve',
  })
}

/**
 * Where the running server is and the key that opens it, for commands that talk to it from beside. Nothing else of the
 * configuration is asked for, and nothing is made on disk. @throws ConfigError when the key is not set.
 */
export function readOperatorAccess(env: Record<string, string | undefined> = process.env): {
  url: string
  operatorKey: string
} {
  const complaints: string[] = []
  const { PUBLIC_URL, PORT, OPERATOR_KEY } = readEach(env, complaints)
  if (!OPERATOR_KEY) complaints.push('OPERATOR_KEY is missing: give the operator key of the running server.')
  if (complaints.length > 0 || !OPERATOR_KEY) throw new ConfigError(complaints)
  return { url: publicUrlOf(PUBLIC_URL, PORT), operatorKey: OPERATOR_KEY }
}

function publicUrlOf(publicUrl: string | undefined, port = 4000): string {
  return (publicUrl ?? `http://localhost:${port}`).replace(/\/$/, '')
}

/** Settings that cannot be read are complained of and count as unset, so that the others are still looked at. */
function readEach(env: Record<string, string | undefined>, complaints: string[]): z.infer<typeof Env> {
  const parsed = Env.safeParse(env)
  if (parsed.success) return parsed.data
  const broken = new Set(parsed.error.issues.map((issue) => issue.path[0]))
  for (const issue of parsed.error.issues) complaints.push(`${issue.path.join('.')}: ${issue.message}`)
  return Env.parse(Object.fromEntries(Object.entries(env).filter(([name]) => !broken.has(name))))
}

function readRoles(run: string | undefined, complaints: string[]): readonly Role[] {
  if (!run) return allRoles
  const wanted = run.split(',').map((word) => word.trim())
  const unknown = wanted.filter((word) => !allRoles.includes(word as Role))
  if (unknown.length > 0) complaints.push(`RUN names ${unknown.join(', ')}: the roles are ${allRoles.join(', ')}.`)
  return allRoles.filter((role) => wanted.includes(role))
}

function readMasterKey(text: string, complaints: string[]): Buffer | undefined {
  const key = Buffer.from(text, 'base64')
  if (key.length === 32) return key
  complaints.push('MASTER_KEY must be 32 bytes, base64 (openssl rand -base64 32).')
  return undefined
}

/** The embedded installation keeps its own key beside its data, readable by its owner only. */
function embeddedSecret(dataDir: string, name: string): Buffer {
  const file = join(dataDir, name)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' })
  return Buffer.from(readFileSync(file, 'utf8'), 'base64')
}
