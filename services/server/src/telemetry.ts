import { type Logger, pino } from 'pino'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * Logs carry facts about the program, never about people: fields are chosen at the call site, and whatever could hold a
 * secret or a person's words is removed here once more (reliability.md §8).
 */
export function createLog(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
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
  })
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
