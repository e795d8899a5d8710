import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A numbered `.sql` file, and what the ledger remembers of it. */
export interface MigrationFile {
  number: number
  name: string
  checksum: string
  sql: string
}

/** One line of a ledger. */
export interface AppliedMigration {
  number: number
  name: string
  checksum: string
}

/** The database and this version of Fidelio do not belong together. The message says what to do. */
export class MigrationMismatch extends Error {
  override name = 'MigrationMismatch'
}

/** Reads `0001_name.sql`, `0002_…` in order of their numbers, each used once. */
export async function readMigrationFiles(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
  const files = await Promise.all(
    names.map(async (name) => {
      const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]
      if (number === undefined)
        throw new Error(`Migration ${name} in ${directory} should be called 0001_some_name.sql.`)
      const sql = await readFile(join(directory, name), 'utf8')
      return { number: Number(number), name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
  for (const [index, file] of files.entries()) {
    if (files[index + 1]?.number === file.number) {
      throw new Error(`Migrations ${file.name} and ${files[index + 1]?.name} have the same number.`)
    }
  }
  return files
}

/**
 * The files still to run.
 * @throws MigrationMismatch when an applied file was edited since, or the database was written by a newer version.
 */
export function pendingMigrations(files: MigrationFile[], applied: AppliedMigration[], store: string): MigrationFile[] {
  for (const done of applied) {
    const file = files.find((candidate) => candidate.number === done.number)
    if (!file) {
      throw new MigrationMismatch(
        `The ${store} database was migrated by a newer version of Fidelio (it has ${done.name}, this version ends at ` +
          `${files.at(-1)?.name ?? 'nothing'}). Start the newer version, or restore the backup made before upgrading.`,
      )
    }
    if (file.checksum !== done.checksum) {
      throw new MigrationMismatch(
        `The ${store} migration ${file.name} was changed after this database applied it. ` +
          'Undo the change and put it into a new file with the next number.',
      )
    }
  }
  return files.filter((file) => !applied.some((done) => done.number === file.number))
}
