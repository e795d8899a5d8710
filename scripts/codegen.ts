/**
 * Writes the dashboards' GraphQL types from `schema.graphql` and every `*.graphql` document beneath `dashboards/src`.
 *
 *   tsx scripts/codegen.ts           writes dashboards/src/generated/graphql.ts
 *   tsx scripts/codegen.ts --check   writes nothing and fails when the committed file is out of date
 *
 * The client preset is driven directly (ARCHITECTURE.md, decision 3), and of what it makes only the types and documents
 * are kept. Documents become plain strings, so that no GraphQL parser travels to the browser.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { preset } from '@graphql-codegen/client-preset'
import { codegen } from '@graphql-codegen/core'
import { parse } from 'graphql'

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'dashboards/src')
const target = join(source, 'generated/graphql.ts')

async function generated(): Promise<string> {
  const schema = parse(await readFile(join(root, 'schema.graphql'), 'utf8'))
  const paths = await documentPaths()
  const documents = await Promise.all(
    paths.map(async (location) => {
      const rawSDL = await readFile(location, 'utf8')
      return { location, rawSDL, document: parse(rawSDL) }
    }),
  )
  const sections = await preset.buildGeneratesSection({
    baseOutputDir: './',
    presetConfig: { fragmentMasking: false },
    schema,
    documents,
    config: {
      documentMode: 'string',
      enumsAsTypes: true,
      useTypeImports: true,
      avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: false },
      scalars: { DateTime: 'string', Date: 'string', JSON: 'unknown', ID: 'string' },
    },
    plugins: [],
    pluginMap: {},
  })
  const section = sections.find((each) => each.filename.endsWith('graphql.ts'))
  if (section === undefined) throw new Error('the client preset made no graphql.ts')
  const text = await codegen(section)
  // Marked pure, so that a page's chunk keeps only the documents that page sends.
  return `// Written by scripts/codegen.ts. Do not edit.\n${text.replaceAll('= new TypedDocumentString(', '= /*#__PURE__*/ new TypedDocumentString(')}`
}

async function documentPaths(): Promise<string[]> {
  const names = await readdir(source, { recursive: true })
  return names
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => join(source, name))
}

const text = await generated()
if (process.argv.includes('--check')) {
  const committed = await readFile(target, 'utf8').catch(() => '')
  if (committed !== text) {
    console.error('dashboards/src/generated/graphql.ts is out of date: run `npx tsx scripts/codegen.ts`.')
    process.exitCode = 1
  }
} else {
  await writeFile(target, text)
  console.log('dashboards/src/generated/graphql.ts written')
}
