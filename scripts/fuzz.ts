/**
 * `npm run fuzz -- [inputs] [seed]`: the long form of the parsers' fuzzer, 10^6 inputs by default. Prints its seed first;
 * the same seed makes the same inputs. Ends with 1 at the first broken promise, and prints the body that broke it.
 */
import { runFuzz } from '../services/channels/test/fuzz/run.ts'
import { targets } from '../services/channels/test/fuzz/targets.ts'

const [inputs = 1_000_000, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv.slice(2).map(Number)
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed)) {
  throw new RangeError('usage: npm run fuzz -- [inputs] [seed]')
}
console.log(`seed ${seed}, ${inputs} inputs, parsers: ${targets.map((target) => target.name).join(', ')}`)

const report = runFuzz({
  targets,
  seed,
  inputs,
  inputMsMax: 250,
  onProgress: (done) => {
    if (done % 100_000 === 0) console.log(`${done} …`)
  },
})
const { fault } = report
if (fault !== null) {
  console.error(`✗ ${fault.target}, input ${fault.input} of seed ${fault.seed}: ${fault.promise}\n${fault.detail}`)
  console.error(`topic ${fault.topic}, body:\n${fault.text}`)
  process.exitCode = 1
}
const perSecond = Math.round(report.inputs / report.seconds)
console.log(
  `${report.inputs} inputs in ${report.seconds.toFixed(1)} s (${perSecond}/s), slowest ${report.slowestMs.toFixed(1)} ms, ` +
    `${report.events} events (${report.unknown} unknown), ${report.asides} failures, refusals and ignored parts, ` +
    `${fault === null ? 'no broken promise' : 'one broken promise'}`,
)
