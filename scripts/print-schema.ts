/**
 * Writes schema.graphql from the code: the contract the dashboards and tenants' developers build on. `--check` only says
 * whether the committed file still matches.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { schema } from '@fidelio/api/schema/index.ts'
import { printSchema } from 'graphql'

const header = `# The contract between the API and everybody who asks: dashboards, tenants' developers, operators.
# Written by \`npm run schema\`; change services/api/src/schema instead.
#
# Errors carry extensions { code, field?, reference }: UNAUTHENTICATED FORBIDDEN NOT_FOUND VALIDATION CONFLICT TOO_HEAVY
# RATE_LIMITED UNAVAILABLE INTERNAL. Ids are global ("Campaign:0198…"); wherever an id is asked for, the bare uuid works too.

`

const path = fileURLToPath(new URL('../schema.graphql', import.meta.url))
const printed = `${header}${printSchema(schema)}\n`

if (process.argv.includes('--check')) {
  const same = (await readFile(path, 'utf8')) === printed
  console.log(same ? 'schema.graphql is up to date' : 'schema.graphql is out of date: run npm run schema')
  process.exitCode = same ? 0 : 1
} else {
  await writeFile(path, printed)
  console.log('schema.graphql written')
}
