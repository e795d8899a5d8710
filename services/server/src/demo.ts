import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Clock } from '@fidelio/core/time.ts'
import type { Logger } from 'pino'
import type { DemoState, FromDemo, ToDemo } from './demo-messages.ts'

/** A clock the demo moves through its ninety days; from `release` on it is the system's. */
export type StoryClock = Clock & { set(ms: number): void; release(): void }

export function storyClock(startMs: number | null): StoryClock {
  let told = startMs
  return {
    now: () => (told === null ? new Date() : new Date(told)),
    set(ms) {
      told = ms
    },
    release() {
      told = null
    },
  }
}

export type SandboxMessage = {
  accountExternalId: string
  recipient: string
  text: string
  sendId: string
  messageId: string
  at: number
}

export type Demo = {
  /** where the demo's Pages send: the pretend Graph */
  graphUrl: string
  /** null before the first fill */
  state: DemoState | null
  sandboxSent(message: SandboxMessage): void
  /** Fills the history if it is not there, then lets the sandbox live. Resolves when the history is complete. */
  run(stage: DemoStage): Promise<DemoState>
  [Symbol.asyncDispose](): Promise<void>
}

export type DemoStage = {
  baseUrl: string
  operatorKey: string
  clock: StoryClock
  settle(): Promise<void>
  progress(done: number, total: number, events: number): void
}

const startSecondsMax = 30
/** A small heap: the demo shares one small machine with the product. */
const simulationFlags = ['--import', 'tsx', '--max-semi-space-size=2', '--max-old-space-size=128']
const stopSecondsMax = 3

export function readDemoState(dataDir: string): DemoState | null {
  const file = join(dataDir, 'demo.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoState) : null
}

/** Starts the simulation's process (scripts/simulate.ts) and waits until its pretend Graph listens. */
export async function startDemo(dataDir: string, log: Logger): Promise<Demo> {
  const script = fileURLToPath(new URL('../../../scripts/simulate.ts', import.meta.url))
  const child = fork(script, [], { execArgv: simulationFlags, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const graphUrl = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the simulation did not start within ${startSecondsMax} s`)),
      startSecondsMax * 1000,
    )
    child.once('message', (message: FromDemo) => {
      clearTimeout(timer)
      if (message.type === 'graph') resolve(message.url)
    })
    child.once('exit', (code) => reject(new Error(`the simulation ended at once, with status ${code}`)))
  })
  let ending = false
  child.once('exit', (code) => {
    if (!ending) log.warn({ code }, 'the simulation ended; the product goes on without new demo events')
  })
  const state = readDemoState(dataDir)
  return {
    graphUrl,
    state,
    sandboxSent: (message) => tell(child, { type: 'sandbox_sent', ...message }),
    run: (stage) => runStory(child, stage, state, dataDir, log),
    async [Symbol.asyncDispose]() {
      ending = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      tell(child, { type: 'stop' })
      const timer = setTimeout(() => child.kill('SIGKILL'), stopSecondsMax * 1000)
      await gone
      clearTimeout(timer)
    },
  }
}

function runStory(
  child: ChildProcess,
  stage: DemoStage,
  state: DemoState | null,
  dataDir: string,
  log: Logger,
): Promise<DemoState> {
  const begin: ToDemo = {
    type: 'start',
    baseUrl: stage.baseUrl,
    operatorKey: stage.operatorKey,
    state,
    worldFile: join(dataDir, 'demo-world.json'),
    now: Date.now(),
  }
  return new Promise((resolve, reject) => {
    child.on('message', async (message: FromDemo) => {
      if (message.type === 'clock') {
        stage.clock.set(message.ms)
        tell(child, { type: 'done', id: message.id })
      } else if (message.type === 'settle') {
        await stage.settle()
        tell(child, { type: 'done', id: message.id })
      } else if (message.type === 'progress') stage.progress(message.done, message.total, message.events)
      else if (message.type === 'filled') {
        writeState(dataDir, message.state)
        stage.clock.release()
        resolve(message.state)
      } else if (message.type === 'removed') {
        const last = readDemoState(dataDir)
        if (last) writeState(dataDir, { ...last, removedAt: new Date().toISOString() })
        log.info({}, 'the demo was removed, and its people with it')
      } else if (message.type === 'failed') {
        // What the simulation says about itself may quote a request: kept to its facts, like every error.
        log.error({ err: new Error(message.message) }, 'the simulation failed')
        reject(new Error(message.message))
      }
    })
    tell(child, begin)
    if (state?.filledAt) {
      stage.clock.release()
      resolve(state)
    }
  })
}

/** Holds keys and secrets of the demo businesses: its owner's alone. */
function writeState(dataDir: string, state: DemoState): void {
  const file = join(dataDir, 'demo.json')
  writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

function tell(child: ChildProcess, message: ToDemo): void {
  if (child.connected) child.send(message)
}
