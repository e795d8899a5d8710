import {
  keepPreviousData,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { ask } from './client.ts'
import type { ApiError } from './errors.ts'

export type AskOptions = {
  enabled?: boolean
  /** Asks again every so many milliseconds while the page is visible. */
  refetchIntervalMs?: number
  /** Shows the last answer while another period or filter is loading (default), instead of a skeleton. */
  keepPrevious?: boolean
}

/**
 * Asks a document and keeps the answer fresh. The key is the operation's name and its variables, so that two pages
 * asking the same share one answer.
 */
export function useAsk<R, V>(
  document: TypedDocumentString<R, V>,
  variables: V,
  options: AskOptions = {},
): UseQueryResult<R, ApiError> {
  return useQuery<R, ApiError>({
    queryKey: keyOf(document, variables),
    queryFn: ({ signal }) => ask(document, variables, signal),
    enabled: options.enabled ?? true,
    ...(options.refetchIntervalMs === undefined ? {} : { refetchInterval: options.refetchIntervalMs }),
    ...(options.keepPrevious === false ? {} : { placeholderData: keepPreviousData }),
  })
}

/** The cache key of a question; without variables, the prefix that names every answer to that document. */
export function keyOf<R, V>(document: TypedDocumentString<R, V>, variables?: V): unknown[] {
  const name = /(?:query|mutation)\s+(\w+)/.exec(document.toString())?.[1] ?? document.toString()
  return variables === undefined ? [name] : [name, variables]
}

/**
 * Sends a mutation. Whatever it changed is asked again: a screen never shows what was true before one's own click.
 */
export function useTell<R, V>(document: TypedDocumentString<R, V>): UseMutationResult<R, ApiError, V> {
  const client = useQueryClient()
  return useMutation<R, ApiError, V>({
    mutationFn: (variables) => ask(document, variables),
    onSuccess: () => client.invalidateQueries(),
  })
}
