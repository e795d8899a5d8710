/** GraphQL over HTTP, with everything switched off that a caller could use to hurt others. */
import type { StoreLog } from '@fidelio/db/index.ts'
import { type DocumentNode, GraphQLError, getOperationAST, Kind, OperationTypeNode, parse } from 'graphql'
import type { Plugin, YogaInitialContext, YogaServerOptions } from 'graphql-yoga'
import type { Caller } from './api.ts'
import type { ApiContext } from './context.ts'
import { apiError } from './errors.ts'
import { type EditorOptions, editorPage } from './graphiql.ts'
import { limits, shapeRule, useCost, withoutSuggestion } from './limits.ts'
import { maskError } from './mask.ts'
import { schema } from './schema/index.ts'
import type { Viewer } from './viewer.ts'

export function yogaOptions(
  log: StoreLog,
  admit: (request: Request, ip: string) => Promise<Viewer>,
  contextOf: (viewer: Viewer, request: Request, ip: string) => ApiContext,
  editorOptions: (request: Request) => Promise<EditorOptions>,
  requestSecondsMax: number = limits.requestSecondsMax,
): YogaServerOptions<Caller, ApiContext> {
  // Decided before the document is even read, so that a stranger's nonsense costs as little as possible.
  const viewers = new WeakMap<Request, Viewer>()
  const admission: Plugin<ApiContext> = {
    async onRequestParse({ request, serverContext }) {
      viewers.set(request, await admit(request, addressOf(serverContext)))
    },
  }
  return {
    schema,
    context: (initial: YogaInitialContext) =>
      contextOf(viewers.get(initial.request) ?? { kind: 'nobody' }, initial.request, addressOf(initial)),
    graphqlEndpoint: '/graphql',
    batching: false,
    multipart: false,
    cors: false,
    landingPage: false,
    logging: false,
    maskedErrors: { maskError: (error) => maskError(log, error) },
    graphiql: async (request) => {
      const { query, headers } = await editorOptions(request)
      return { defaultQuery: query, headers }
    },
    renderGraphiQL: (options) => editorPage({ query: options?.defaultQuery ?? '', headers: options?.headers ?? '' }),
    plugins: [
      admission,
      useParseLimit(),
      useShapeLimit(),
      useCost(),
      useTimeLimit(requestSecondsMax),
      useErrorCodes(log, (request) => viewers.get(request)),
    ],
  }
}

const addressOf = (context: object): string => (context as Partial<Caller>).ip ?? ''

/** A document of a million tokens must cost no more than reading its first two thousand. */
function useParseLimit(): Plugin<ApiContext> {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string): DocumentNode => {
        try {
          return parse(source, { maxTokens: limits.tokensMax })
        } catch (error) {
          const tooLong = error instanceof GraphQLError && error.message.includes('tokens')
          throw tooLong ? apiError('TOO_HEAVY', `More than ${limits.tokensMax} tokens.`) : error
        }
      })
    },
  }
}

function useShapeLimit(): Plugin<ApiContext> {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(shapeRule)
    },
  }
}

/** Changes that take as long as there is much to change; a caller who stopped waiting would learn nothing of how they end. */
const unhurriedMutations: ReadonlySet<string> = new Set(['removeDemo'])

function isUnhurried(document: DocumentNode, operationName: string | null | undefined): boolean {
  const operation = getOperationAST(document, operationName)
  if (operation?.operation !== OperationTypeNode.MUTATION) return false
  return operation.selectionSet.selections.some(
    (selection) => selection.kind === Kind.FIELD && unhurriedMutations.has(selection.name.value),
  )
}

/** Ends the wait of the caller; the questions themselves are ended by the store's own limits. */
function useTimeLimit(requestSecondsMax: number): Plugin<ApiContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      if (isUnhurried(args.document, args.operationName)) return
      setExecuteFn(async (args) => {
        let timer: NodeJS.Timeout | undefined
        const late = new Promise<{ errors: GraphQLError[] }>((resolve) => {
          const message = `The answer takes longer than ${requestSecondsMax} s.`
          timer = setTimeout(() => resolve({ errors: [apiError('TOO_HEAVY', message)] }), requestSecondsMax * 1000)
        })
        try {
          return await Promise.race([executeFn(args), late])
        } finally {
          clearTimeout(timer)
        }
      })
    },
  }
}

/** Last look at every answer: each error has a code and a reference, and nobody unknown is told names of fields. */
function useErrorCodes(log: StoreLog, viewerOf: (request: Request) => Viewer | undefined): Plugin<ApiContext> {
  return {
    onResultProcess({ request, result, setResult }) {
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return
      const viewer = viewerOf(request)
      const errors = result.errors.map((error) => {
        const masked = maskError(log, error)
        if (viewer !== undefined && viewer.kind !== 'nobody') return masked
        const { nodes, path, source, positions, extensions } = masked
        return new GraphQLError(withoutSuggestion(masked.message), {
          ...(nodes ? { nodes } : {}),
          ...(path ? { path } : {}),
          ...(source ? { source } : {}),
          ...(positions ? { positions } : {}),
          extensions,
        })
      })
      setResult({ ...result, errors })
    },
  }
}
