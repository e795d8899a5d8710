/**
 * What one request may cost, checked before anything is executed (reliability.md §6). Lists multiply what is asked inside
 * them; the cost and its limit come back in `extensions.cost`, so that a developer can see how near a query is.
 */
import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type ASTVisitor,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { ApiContext } from './context.ts'
import { apiError } from './errors.ts'
import { bucketOf, type Viewer } from './viewer.ts'

export const limits = {
  /** Deepest selection; introspection has its own shape and is not counted. */
  depthMax: 12,
  aliasesMax: 30,
  tokensMax: 2000,
  /** In points: a field 1, a list's fields as often as it may have rows, a heavy question more. */
  costMax: 20_000,
  requestSecondsMax: 10,
  requestsPerMinuteMax: 600,
  requestsPerMinuteOfNobodyMax: 60,
  /** Of one address: nobody mistypes a key more often, and whoever guesses must not keep the store busy. */
  wrongCredentialsPerMinuteMax: 60,
  /** Streams of live events one person or key may have open at a time: a few tabs. */
  streamsPerViewerMax: 5,
  bodyBytesMax: 3_000_000,
} as const

const tooHeavy = (message: string) => apiError('TOO_HEAVY', message)

/** Depth and aliases of every operation, fragments followed where they are spread; introspection fields are passed over. */
export const shapeRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Document(document: DocumentNode) {
    let aliases = 0
    const depths = new Map<string, number>()
    const depthOf = (set: SelectionSetNode | undefined, spreading: ReadonlySet<string>): number => {
      let deepest = 0
      for (const selection of set?.selections ?? []) {
        if (selection.kind === Kind.FIELD) {
          if (selection.alias) aliases += 1
          if (selection.name.value.startsWith('__')) continue
          deepest = Math.max(deepest, 1 + depthOf(selection.selectionSet, spreading))
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          deepest = Math.max(deepest, depthOf(selection.selectionSet, spreading))
        } else {
          const name = selection.name.value
          // A fragment that spreads itself is refused by the standard rules; here it must only not be followed for ever.
          if (spreading.has(name)) continue
          const known =
            depths.get(name) ?? depthOf(context.getFragment(name)?.selectionSet, new Set([...spreading, name]))
          depths.set(name, known)
          deepest = Math.max(deepest, known)
        }
      }
      return deepest
    }
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue
      if (depthOf(definition.selectionSet, new Set()) > limits.depthMax) {
        context.reportError(tooHeavy(`The query is deeper than ${limits.depthMax} levels.`))
      }
    }
    if (aliases > limits.aliasesMax) context.reportError(tooHeavy(`More than ${limits.aliasesMax} aliases.`))
  },
})

/** "Did you mean …" tells strangers what the schema holds; those who have a key may be helped. */
export function withoutSuggestion(message: string): string {
  return message.replace(/ Did you mean .*\?$/s, '')
}

/** Refuses what costs too much, and says in the answer what it cost. */
export function useCost(): Plugin<ApiContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const cost = costOf(args.schema, args.document, args.contextValue, args.variableValues ?? {})
      const extensions = { cost: { requested: cost, max: limits.costMax } }
      if (cost > limits.costMax) {
        const message = `The query costs ${cost} points, more than ${limits.costMax}. Ask for smaller pages or fewer fields.`
        setResultAndStopExecution({ errors: [tooHeavy(message)], extensions })
        return undefined
      }
      return {
        onExecuteDone({ result, setResult }) {
          if ('data' in result || 'errors' in result) {
            setResult({ ...result, extensions: { ...result.extensions, ...extensions } })
          }
        },
      }
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const cost = costOf(args.schema, args.document, args.contextValue, args.variableValues ?? {})
      if (cost > limits.costMax) setResultAndStopExecution({ errors: [tooHeavy('The subscription costs too much.')] })
    },
  }
}

function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  ctx: object,
  variables: Record<string, unknown>,
): number {
  return Math.ceil(complexityFromQuery(document, { schema, ctx, variables }).complexity)
}

export interface RequestLimiter {
  /** @throws RATE_LIMITED with the seconds to wait. */
  consume(viewer: Viewer, ip: string): Promise<void>
}

/** `requestsPerMinuteMax`: of one person or key. */
export function createRequestLimiter(requestsPerMinuteMax: number = limits.requestsPerMinuteMax): RequestLimiter {
  const known = new RateLimiterMemory({ points: requestsPerMinuteMax, duration: 60 })
  const nobody = new RateLimiterMemory({ points: limits.requestsPerMinuteOfNobodyMax, duration: 60 })
  return {
    async consume(viewer, ip) {
      // The operator drives scripts that create many businesses; whoever holds that key owns the machine.
      if (viewer.kind === 'operator') return
      const bucket = bucketOf(viewer, ip)
      try {
        await (viewer.kind === 'nobody' ? nobody : known).consume(bucket)
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused
        throw rateLimited('Too many requests.', refused.msBeforeNext / 1000)
      }
    },
  }
}

export const rateLimited = (message: string, retryAfterSeconds: number) =>
  apiError('RATE_LIMITED', message, { retryAfterSeconds })

/** Wrong credentials by address, over every door that takes credentials. */
export interface FailureLimiter {
  /** Counts one failure of an address. The seconds it has to wait when there were too many; null: it may go on. */
  count(ip: string): Promise<number | null>
  /** Takes one failure back: the credentials turned out to be right, or could not be checked. */
  forgive(ip: string): Promise<void>
}

export function createFailureLimiter(): FailureLimiter {
  const failures = new RateLimiterMemory({ points: limits.wrongCredentialsPerMinuteMax, duration: 60 })
  return {
    async count(ip) {
      try {
        await failures.consume(ip)
        return null
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused
        return Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
      }
    },
    async forgive(ip) {
      await failures.reward(ip)
    },
  }
}
