/** The few words of a logger the stores need; pino's loggers satisfy it. */
export interface StoreLog {
  debug(fields: Record<string, unknown>, message: string): void
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

/** A log that says nothing, for scripts and tests. */
export const silentLog: StoreLog = { debug() {}, info() {}, warn() {}, error() {} }
