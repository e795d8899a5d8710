/** What a bench answers, for people and for machines. */
import { arch, cpus, platform, totalmem } from 'node:os'

/** `minutes`: for the soak alone. */
export type BenchOptions = { rounds: number; seconds: number; minutes: number }

export type BenchCase = {
  value: number
  unit: string
  /** The other side of the comparison, measured in turn in the same call. */
  against: number | null
  ratio: number | null
  /** What the ratio (or, without one, the value) must reach; null: reported only. */
  target: number | null
  ok: boolean | null
  /** No round was quiet enough to judge by. */
  noisy?: true
}

export type BenchResult = { bench: string; cases: Record<string, BenchCase> }

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** A ratio that has to reach a target; judged only by quiet rounds. */
export function ratioCase(
  sides: { value: number; against: number; unit: string },
  target: number | null,
  quiet: boolean,
): BenchCase {
  const ratio = rounded(sides.value / sides.against)
  const judged = target === null || !quiet ? null : ratio >= target
  const { value, against, unit } = sides
  const noisy = quiet ? {} : { noisy: true as const }
  return { value: rounded(value), unit, against: rounded(against), ratio, target, ok: judged, ...noisy }
}

/** A value that may not exceed a target. */
export function boundCase(value: number, unit: string, most: number, quiet: boolean): BenchCase {
  return { ...valueCase(value, unit, quiet), target: most, ok: quiet ? value <= most : null }
}

export function valueCase(value: number, unit: string, quiet: boolean): BenchCase {
  const noisy = quiet ? {} : { noisy: true as const }
  return { value: rounded(value), unit, against: null, ratio: null, target: null, ok: null, ...noisy }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

export function printResult({ bench, cases }: BenchResult): void {
  const cell = (value: number | null) => (value === null ? '–' : String(value))
  console.table(
    Object.fromEntries(
      Object.entries(cases).map(([name, { value, unit, against, ratio, target, ok, noisy }]) => [
        name,
        {
          value,
          unit,
          against: cell(against),
          ratio: cell(ratio),
          target: cell(target),
          ok: noisy ? 'noisy' : cell2(ok),
        },
      ]),
    ),
  )
  const [cpu] = cpus()
  const memoryGiB = Math.round(totalmem() / 2 ** 30)
  const machine = {
    cpu: cpu?.model ?? '',
    cores: cpus().length,
    memoryGiB,
    platform: `${platform()}-${arch()}`,
    node: process.version,
  }
  console.log(JSON.stringify({ bench, machine, cases }))
}

function cell2(ok: boolean | null): string {
  return ok === null ? '–' : ok ? 'yes' : 'no'
}
