import { fileURLToPath } from 'node:url'
import postgres, { type ReservedSql } from 'postgres'
import type { StoreLog } from '../log.ts'
import {
  type AppliedMigration,
  type MigrationFile,
  MigrationMismatch,
  pendingMigrations,
  readMigrationFiles,
} from '../migration-files.ts'

/** Roles the application becomes; none owns anything, logs in or passes row security. */
export const applicationRoles = ['fidelio_app', 'fidelio_worker', 'fidelio_auth'] as const
export type ApplicationRole = (typeof applicationRoles)[number]

/** Any number will do, as long as every version of Fidelio takes the same one. */
const migrationLock = 7_305_441_962

export interface MigratePostgresOptions {
  log: StoreLog
  /** The login of the application, which is made a member of the three roles; by default the owner's own login. */
  appLogin?: string
  /** Runs before the lock is given back: what else must not happen in two starting processes at once. */
  whileLocked?: () => Promise<unknown>
  /** Another folder, for tests. */
  directory?: string
}

/**
 * Brings the database to this version: roles, memberships, then every file not applied yet, each in its own transaction.
 * Safe to call from several starting processes at once. With a login that may not change the database it only checks.
 * @throws MigrationMismatch when an applied file was edited, the database is newer than this code, or a mere check failed.
 */
export async function migratePostgres(
  ownerUrl: string,
  options: MigratePostgresOptions,
): Promise<{ applied: string[] }> {
  const directory = options.directory ?? fileURLToPath(new URL('./migrations', import.meta.url))
  const files = await readMigrationFiles(directory)
  const sql = postgres(ownerUrl, {
    max: 1,
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: 'fidelio migrate' },
  })
  try {
    // postgres.js waits for ever when the first thing asked of a pool is to reserve a connection.
    await sql`select 1`
    const connection = await sql.reserve()
    try {
      // A session lock: it also ends when this process dies, and waiting starters then find nothing left to do.
      await connection`select pg_advisory_lock(${migrationLock})`
      const pending = (await mayMigrate(connection))
        ? await applyPending(connection, files, options)
        : await assertNothingPending(connection, files)
      await options.whileLocked?.()
      return { applied: pending.map((file) => file.name) }
    } finally {
      connection.release()
    }
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function applyPending(
  connection: ReservedSql,
  files: MigrationFile[],
  options: MigratePostgresOptions,
): Promise<MigrationFile[]> {
  await ensureRoles(connection, options.appLogin)
  await connection.unsafe(`
    create table if not exists fidelio_migrations (
      number     integer primary key,
      name       text not null,
      checksum   text not null,
      applied_at timestamptz not null default now()
    )`)
  await connection.unsafe('grant select on fidelio_migrations to fidelio_worker')
  const pending = pendingMigrations(files, await readLedger(connection), 'PostgreSQL')
  for (const file of pending) {
    options.log.info({ migration: file.name }, 'Applying a PostgreSQL migration')
    await applyFile(connection, file)
  }
  return pending
}

async function readLedger(connection: ReservedSql): Promise<AppliedMigration[]> {
  return connection<AppliedMigration[]>`select number, name, checksum from fidelio_migrations order by number`
}

/** An application's login owns nothing; it starts only on a database that a migrate step has brought up to date. */
async function assertNothingPending(connection: ReservedSql, files: MigrationFile[]): Promise<[]> {
  const advice = 'Run the migrate step, or set DATABASE_OWNER_URL to a login that may create roles and tables.'
  let ledger: AppliedMigration[]
  try {
    await connection.unsafe('set role fidelio_worker')
    ledger = await readLedger(connection)
    await connection.unsafe('reset role')
  } catch (error) {
    throw new MigrationMismatch(`The PostgreSQL database is not prepared for Fidelio. ${advice}`, { cause: error })
  }
  const pending = pendingMigrations(files, ledger, 'PostgreSQL')
  if (pending.length > 0) {
    const names = pending.map((file) => file.name).join(', ')
    throw new MigrationMismatch(`The PostgreSQL database lacks ${names}. ${advice}`)
  }
  return []
}

async function mayMigrate(connection: ReservedSql): Promise<boolean> {
  const [login] = await connection<{ may: boolean }[]>`
    select (rolsuper or rolcreaterole) and has_schema_privilege('public', 'create') as may
    from pg_roles where rolname = current_user`
  return login?.may ?? false
}

/** The file and its line in the ledger commit together. */
async function applyFile(connection: ReservedSql, file: AppliedMigration & { sql: string }): Promise<void> {
  await connection.unsafe('begin')
  try {
    await connection.unsafe(file.sql).simple()
    await connection`
      insert into fidelio_migrations (number, name, checksum) values (${file.number}, ${file.name}, ${file.checksum})`
    await connection.unsafe('commit')
  } catch (error) {
    await connection.unsafe('rollback')
    throw new Error(`The PostgreSQL migration ${file.name} failed: ${(error as Error).message}`, { cause: error })
  }
}

async function ensureRoles(connection: ReservedSql, appLogin: string | undefined): Promise<void> {
  const present = await connection<{ name: string }[]>`
    select rolname as name from pg_roles where rolname in ${connection([...applicationRoles])}`
  const missing = applicationRoles.filter((role) => !present.some((row) => row.name === role))
  for (const role of missing) {
    // Roles belong to the whole server, so a starter working on another database may be making the same one.
    await connection.unsafe(`
      do $$ begin
        create role ${role} nologin nosuperuser nobypassrls noinherit;
      exception when duplicate_object or unique_violation then null;
      end $$`)
  }
  await grantRoles(connection, appLogin)
}

/**
 * Membership lets the login become a role; not inheriting means it has no right until it does. Whoever creates a role without
 * being a superuser is made its administrator, which since PostgreSQL 16 is a membership that may not become the role.
 */
async function grantRoles(connection: ReservedSql, appLogin: string | undefined): Promise<void> {
  const [server] = await connection<{ login: string; version: number }[]>`
    select current_user as login, current_setting('server_version_num')::integer as version`
  if (!server) throw new Error('PostgreSQL did not say who is logged in.')
  const login = appLogin ?? server.login
  for (const role of applicationRoles) {
    const [member] = await connection<{ granted: boolean }[]>`
      select exists (
        select from pg_auth_members m
        join pg_roles granted on granted.oid = m.roleid
        join pg_roles member on member.oid = m.member
        where granted.rolname = ${role} and member.rolname = ${login}
          -- a column of PostgreSQL 16; before it every membership could become the role
          and coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)
      ) as granted`
    if (member?.granted) continue
    const terms = server.version >= 160_000 ? ' with inherit false, set true' : ''
    await connection`grant ${connection(role)} to ${connection(login)}${connection.unsafe(terms)}`
  }
}
