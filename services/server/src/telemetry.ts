import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { errorFacts } from './error-facts.ts'

/**
 * Logs carry facts about the program, never about people: fields are chosen at the call site, errors are told by their
 * facts, and whatever could hold a secret or a person's words is removed here once more (reliability.md §8).
 * `destination`: standard output when left out.
 */
export function createLog(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: errorFacts, error: errorFacts },
    hooks: {
      // An error logged without a sentence would lend its own message to the line, values and all.
      logMethod(args, method) {
        const [first, ...rest] = args as unknown[]
        const fields = first instanceof Error ? { err: first } : first
        const sentence = rest.length === 0 && holdsError(fields) ? ['an error without a sentence'] : rest
        method.apply(this, [fields, ...sentence] as Parameters<typeof method>)
      },
    },
    redact: {
      paths: [
        'text',
        'raw',
        'body',
        'secret',
        'token',
        'accessToken',
        'authorization',
        'cookie',
        'email',
        'phone',
        'name',
        'url',
        '*.text',
        '*.raw',
        '*.body',
        '*.secret',
        '*.token',
        '*.accessToken',
        '*.authorization',
        '*.cookie',
        '*.email',
        '*.phone',
      ],
      censor: '[removed]',
    },
  }
  return pino(options, destination)
}

function holdsError(fields: unknown): boolean {
  return typeof fields === 'object' && fields !== null && 'err' in fields && !('msg' in fields)
}

export type Telemetry = ReturnType<typeof createTelemetry>

/** Prometheus figures of this process. Labels come from closed lists only: no business, person or text ever becomes one. */
export function createTelemetry() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'fidelio_' })
  const registers = [registry]
  return {
    registry,
    requests: new Counter({
      name: 'fidelio_requests_total',
      help: 'HTTP requests by route and status',
      labelNames: ['route', 'status'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'fidelio_request_seconds',
      help: 'Time to answer by route',
      labelNames: ['route'],
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    counted: new Counter({
      name: 'fidelio_counted_total',
      help: 'Things a service counted, by closed reason',
      labelNames: ['service', 'what'],
      registers,
    }),
    ready: new Gauge({ name: 'fidelio_ready', help: '1 when both stores answer', registers }),
  }
}
