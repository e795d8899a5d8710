/**
 * The edge of Meta's deauthorisation and data-deletion callbacks, and the page that tells a person what became of their
 * request. The page is plain HTML: it must open for anybody, on anything, without an account. Sheet: protocols.md §10.
 */
import Router from '@koa/router'
import type { Context } from 'koa'
import { type DeletionText, deletionTexts } from './deletion-text.ts'
import { problem, readBody, tooLarge } from './fetch-bridge.ts'

/** What a deletion request has come to. `matched`: people known under the id Meta gave. */
type DeletionStatus = {
  requestedAt: Date
  lastRequestedAt: Date
  requests: number
  matched: number
  erased: number
  businessNames: string[]
}

export type MetaCallbackDoors = {
  acceptMetaCallback(request: {
    kind: 'deauthorise' | 'data_deletion'
    rawBody: Buffer
  }): Promise<{ status: 200; code: string } | { status: 401 | 503; body?: unknown; retryAfterSeconds?: number }>
  deletionStatus(code: string): Promise<DeletionStatus | null>
}

/** A signed_request has some hundred bytes. */
const callbackBytesMax = 64 * 1024

/** Must stand before `/webhooks/:channel/:account`, which would take these addresses for accounts. */
export function addMetaCallbacks(
  router: Router,
  { ingest, publicUrl }: { ingest: MetaCallbackDoors | undefined; publicUrl: string },
): void {
  const accept = async (ctx: Context, kind: 'deauthorise' | 'data_deletion') => {
    if (!ingest) return problem(ctx, 404, 'NOT_FOUND', 'This process does not run the role “ingest” (see RUN).')
    const rawBody = await readBody(ctx.req, callbackBytesMax)
    if (!rawBody) return tooLarge(ctx, callbackBytesMax)
    const outcome = await ingest.acceptMetaCallback({ kind, rawBody })
    ctx.status = outcome.status
    if (outcome.status !== 200) {
      if (outcome.retryAfterSeconds !== undefined) ctx.set('retry-after', String(outcome.retryAfterSeconds))
      ctx.body = outcome.body
    } else if (kind === 'deauthorise') {
      ctx.body = { confirmation_code: outcome.code }
    } else {
      ctx.body = { url: `${publicUrl}/deletion/${outcome.code}`, confirmation_code: outcome.code }
    }
  }
  router.post('/webhooks/meta/deauthorise', (ctx) => accept(ctx, 'deauthorise'))
  router.post('/webhooks/meta/data-deletion', (ctx) => accept(ctx, 'data_deletion'))
}

const codeShape = /^[A-Z0-9]{16}$/

/** `GET /deletion/{code}`, in the language of the browser. Goes behind the security headers. */
export function deletionPages(ingest: MetaCallbackDoors | undefined): Router {
  const router = new Router()
  router.get('/deletion/:code', async (ctx) => {
    if (!ingest) return problem(ctx, 404, 'NOT_FOUND', 'This process does not run the role “ingest” (see RUN).')
    const { code = '' } = ctx.params as Record<string, string>
    const status = codeShape.test(code) ? await ingest.deletionStatus(code) : null
    const language = ctx.acceptsLanguages('en', 'fr') === 'fr' ? 'fr' : 'en'
    ctx.status = status ? 200 : 404
    ctx.set('cache-control', 'no-store')
    ctx.set('x-robots-tag', 'noindex')
    ctx.vary('accept-language')
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = status ? statusPage(language, code, status) : unknownPage(language)
  })
  return router
}

type Language = keyof typeof deletionTexts

function statusPage(language: Language, code: string, status: DeletionStatus): string {
  const text: DeletionText = deletionTexts[language]
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' })
  const { requestedAt, lastRequestedAt, requests, matched, erased } = status
  const waiting = matched - erased
  const said = [
    text.received(day.format(requestedAt)),
    ...(requests > 1 ? [text.repeated(requests, day.format(lastRequestedAt))] : []),
    ...(matched === 0 ? text.notMatched : [text.matched(matched)]),
    ...(erased > 0 ? [text.erased(erased)] : []),
    ...(waiting > 0 ? [text.waiting(waiting)] : []),
  ]
  return page(language, text.title, [
    ...said.map(paragraph),
    `<h2>${escaped(text.whomHeading)}</h2>`,
    paragraph(text.whom(status.businessNames)),
    paragraph(text.code(code)),
  ])
}

function unknownPage(language: Language): string {
  const text: DeletionText = deletionTexts[language]
  return page(language, text.unknownTitle, [paragraph(text.unknown)])
}

function page(language: Language, title: string, content: readonly string[]): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.6 system-ui;margin:10vh auto;max-width:36rem;padding:0 1.5rem;overflow-wrap:anywhere}h1{font-size:1.75rem;line-height:1.25}h2{font-size:1.125rem;margin-top:2rem}</style></head>
<body><main><h1>${escaped(title)}</h1>
${content.join('\n')}
</main></body></html>
`
}

function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
