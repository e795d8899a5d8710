/**
 * The editor at `GET /graphql`, shipped with the product: its files come from a package, are compressed once when somebody
 * first opens it, and load nothing from anywhere else. A signed-in person's own session asks the questions, so pressing Run
 * shows data at once; whoever is not signed in sees where a key goes, and never a key.
 */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

/** Where the editor's files are, below the endpoint. */
export const editorPath = '/graphql/editor/'

/** What the page is told; `query` stands in the editor at first. */
export type EditorOptions = { query: string; headers: string }

const scripts = {
  'editor.js': 'js',
  'editor.worker.js': 'editorWorkerService',
  'json.worker.js': 'jsonWorker',
  'graphql.worker.js': 'graphqlWorker',
} as const

/** Starts the editor; a file of its own, because our content policy allows no script within a page. */
const startScript = `
const workers = { editorWorkerService: 'editor.worker.js', json: 'json.worker.js', graphql: 'graphql.worker.js' }
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => '${editorPath}' + (workers[label] ?? workers.editorWorkerService),
}
const root = document.querySelector('#root')
const options = JSON.parse(root.dataset.options)
// A link that carries a question shows that one.
const asked = new URL(location.href).searchParams.get('query')
YogaGraphiQL.renderYogaGraphiQL(root, asked ? { ...options, query: asked } : options)
`

/** The editor in the product's teal. */
const ownColour = 'body .graphiql-container { --color-primary: 187, 79%, 23%; }'

type EditorFile = { type: string; gzipped: Buffer }
const compress = promisify(gzip)
let files: Promise<Map<string, EditorFile>> | undefined

/** One of the editor's files; null when there is none of that name. */
export async function editorFile(path: string): Promise<Response | null> {
  files ??= packFiles()
  const file = (await files).get(path.slice(editorPath.length))
  if (!file) return null
  return new Response(new Uint8Array(file.gzipped), {
    headers: {
      'content-type': file.type,
      'content-encoding': 'gzip',
      // Names do not change with the version: a day is long enough to be quick and short enough after an update.
      'cache-control': 'public, max-age=86400',
    },
  })
}

async function packFiles(): Promise<Map<string, EditorFile>> {
  const parts = await import('@graphql-yoga/render-graphiql/graphiql')
  const pack = async (type: string, text: string): Promise<EditorFile> => ({ type, gzipped: await compress(text) })
  const javascript = 'text/javascript; charset=utf-8'
  const packed = new Map<string, EditorFile>()
  packed.set('editor.css', await pack('text/css; charset=utf-8', `${parts.css}\n${ownColour}`))
  packed.set('start.js', await pack(javascript, startScript))
  for (const [name, part] of Object.entries(scripts)) packed.set(name, await pack(javascript, parts[part]))
  return packed
}

/** The page itself. */
export function editorPage({ query, headers }: EditorOptions): string {
  const options = {
    title: 'Fidelio',
    // Shown at every opening, so that what Run answers belongs to whoever is signed in now.
    query,
    logo: '<img src="/favicon.svg" width="28" height="28" alt="">',
    headers,
    // A session's changes must show that they come from us.
    additionalHeaders: { 'x-fidelio-csrf': '1' },
    credentials: 'same-origin',
    shouldPersistHeaders: false,
  }
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>GraphQL · Fidelio</title>
    <link rel="icon" href="/favicon.svg">
    <link rel="stylesheet" href="${editorPath}editor.css">
    <script src="${editorPath}editor.js" defer></script>
    <script src="${editorPath}start.js" defer></script>
  </head>
  <body class="no-focus-outline">
    <noscript>The editor needs JavaScript. The API does not: see the README.</noscript>
    <div id="root" style="height: 100vh" data-options="${attribute(JSON.stringify(options))}"></div>
  </body>
</html>
`
}

function attribute(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** What stands in the editor for a person of some businesses: a question about the first, which Run answers. */
export function optionsFor(businesses: readonly { id: string; name: string }[]): EditorOptions {
  const [first, ...others] = businesses
  if (first === undefined) return { query: strangersQuery, headers: '{\n  "Authorization": "Bearer fid_…"\n}' }
  const list = others.map(({ id, name }) => `#   ${oneLine(name)}: "${id}"\n`).join('')
  const more = list === '' ? '' : `# Your other businesses:\n${list}`
  return {
    query: `# You are signed in: press Run. Questions are asked with your own permissions.\n${more}${questionOf(`business(id: "${first.id}")`)}`,
    headers: '{}',
  }
}

const questionOf = (business: string) => `{
  viewer { kind name scopes }
  ${business} {
    name
    conversations(first: 5) { edges { node { contact { name } lastText waitingSince } } }
  }
}
`

const strangersQuery = `# Sign in to the dashboards and load this page again, or put an API key into the headers below; then press Run.
${questionOf('business')}`

/** A name may not end the comment it stands in. */
function oneLine(name: string): string {
  return name.replace(/\s+/g, ' ')
}
