import { useId } from 'react'
import type { MetricState } from '../../generated/graphql.ts'

export type Spark = { day: string; value: number | null; previous: number | null; state: MetricState }

const width = 240
const height = 48
const pad = 3
const spanShareMin = 0.12

/**
 * A line without axes, in plain SVG: the compared period as a ghost behind, what is still counting as dots, and gaps
 * where nothing can be observed. It is decoration beside the number; the drawer and the pages hold the figures.
 */
export function Sparkline(props: { points: readonly Spark[] }) {
  const id = useId()
  const values = props.points.flatMap((point) => [point.value, point.previous]).filter((value) => value !== null)
  if (values.length < 2) return <svg width="100%" height={height} aria-hidden="true" focusable="false" />
  const high = Math.max(...values)
  // The course matters here, not the height; but a change of one in a hundred must not look like a cliff.
  const span = Math.max(high - Math.min(...values), Math.abs(high) * spanShareMin)
  const low = high - span * 1.15
  const x = (index: number) => pad + (index / Math.max(1, props.points.length - 1)) * (width - 2 * pad)
  const y = (value: number) => height - pad - ((value - low) / (high - low || 1)) * (height - 2 * pad)
  const solidUntil = props.points.findLastIndex((point) => point.state === 'COMPLETE')
  const line = (read: (point: Spark) => number | null, from = 0, to = props.points.length - 1) =>
    pathOf(
      props.points.slice(from, to + 1).map((point, index) => {
        const value = read(point)
        return value === null ? null : [x(from + index), y(value)]
      }),
    )
  const solid = line((point) => point.value, 0, solidUntil)
  const last = props.points.findLastIndex((point) => point.value !== null)
  const lastValue = props.points[last]?.value ?? null
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height={height}
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
      style={{ display: 'block', overflow: 'visible' }}
    >
      <defs>
        <linearGradient id={id} x1="0" x2="0" y1="0" y2="1">
          <stop offset="0" stopColor="var(--primary)" stopOpacity="0.14" />
          <stop offset="1" stopColor="var(--primary)" stopOpacity="0" />
        </linearGradient>
      </defs>
      <g fill="none" strokeWidth="1.5" strokeLinejoin="round" strokeLinecap="round">
        <path d={line((point) => point.previous)} stroke="var(--ghost)" vectorEffect="non-scaling-stroke" />
        <path d={solid} stroke="var(--primary)" strokeWidth="1.75" vectorEffect="non-scaling-stroke" />
        <path
          d={line((point) => point.value, Math.max(0, solidUntil))}
          stroke="var(--primary)"
          strokeDasharray="1 4"
          vectorEffect="non-scaling-stroke"
        />
        {lastValue === null ? null : (
          <path
            d={`M${x(last)} ${y(lastValue)}h0`}
            stroke="var(--primary)"
            strokeWidth="5"
            vectorEffect="non-scaling-stroke"
          />
        )}
      </g>
      <path d={areaOf(solid, x(Math.max(0, solidUntil)))} fill={`url(#${id})`} />
    </svg>
  )
}

/** Segments between gaps. */
function pathOf(points: readonly (readonly number[] | null)[]): string {
  let drawing = false
  return points
    .map((point) => {
      if (point === null) {
        drawing = false
        return ''
      }
      const command = drawing ? 'L' : 'M'
      drawing = true
      return `${command}${(point[0] ?? 0).toFixed(1)} ${(point[1] ?? 0).toFixed(1)}`
    })
    .join('')
}

/** The space beneath a line without gaps; a line with gaps has none, because it would fill them. */
function areaOf(line: string, end: number): string {
  if (line === '' || line.indexOf('M', 1) > 0) return ''
  const start = /^M([\d.]+)/.exec(line)?.[1] ?? '0'
  return `${line}L${end.toFixed(1)} ${height}L${start} ${height}Z`
}
