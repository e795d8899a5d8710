/** Bands between two curves, for intervals and percentiles: whole where figures are complete, hatched where they still count. */

/** One place along x with the lower and upper edge there, in the axes' own values. */
export type BandPoint = { x: number; low: number; high: number; hatched?: boolean }
export type BandRun = { points: BandPoint[]; hatched: boolean }

/** Cuts at gaps (null) and where hatched begins or ends; a hatched stretch starts at the point before, without a hole. */
export function runsOf(points: readonly (BandPoint | null)[]): BandRun[] {
  const runs: BandRun[] = []
  let run: BandRun | null = null
  let before: BandPoint | null = null
  for (const point of points) {
    if (point === null) {
      run = null
      before = null
      continue
    }
    const hatched = point.hatched ?? false
    if (run === null || run.hatched !== hatched) {
      run = { points: before === null ? [] : [before], hatched }
      runs.push(run)
    }
    run.points.push(point)
    before = point
  }
  return runs.filter((each) => each.points.length > 1)
}

type RenderApi = { coord: (value: number[]) => number[] }

/** A series of ECharts that draws runs as polygons. `step` keeps the edges level until the next point, as survival curves do. */
export function bandSeries(runs: readonly BandRun[], color: string, opacity: number, step = false) {
  return {
    type: 'custom' as const,
    silent: true,
    z: 1,
    data: runs.map((run) => [run.points[0]?.x ?? 0, run.points[0]?.high ?? 0]),
    tooltip: { show: false },
    animation: false,
    clip: true,
    renderItem: (params: { dataIndex: number }, api: RenderApi) => {
      const run = runs[params.dataIndex]
      if (run === undefined) return null
      return {
        type: 'polygon' as const,
        shape: { points: outline(run.points, step).map(([x, y]) => api.coord([x, y])) },
        style: run.hatched ? { fill: hatch(color), opacity: Math.min(1, opacity * 2.6) } : { fill: color, opacity },
      }
    },
    // ECharts types `renderItem` with its whole drawing language; ours is the small part above.
  } as unknown as { type: 'custom' }
}

function outline(points: readonly BandPoint[], step: boolean): [number, number][] {
  const edge = (read: 'high' | 'low'): [number, number][] =>
    points.flatMap((point, index): [number, number][] => {
      const before = points[index - 1]
      return step && before !== undefined
        ? [
            [point.x, before[read]],
            [point.x, point[read]],
          ]
        : [[point.x, point[read]]]
    })
  return [...edge('high'), ...edge('low').reverse()]
}

const hatches = new Map<string, HTMLCanvasElement>()

/** Diagonal lines as a repeating picture. */
function hatch(color: string): { image: HTMLCanvasElement; repeat: 'repeat' } {
  const known = hatches.get(color)
  if (known !== undefined) return { image: known, repeat: 'repeat' }
  const size = 8
  const canvas = document.createElement('canvas')
  canvas.width = size
  canvas.height = size
  const pen = canvas.getContext('2d')
  if (pen !== null) {
    pen.strokeStyle = color
    pen.lineWidth = 1.5
    pen.beginPath()
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift, size)
      pen.lineTo(shift + size, 0)
    }
    pen.stroke()
  }
  hatches.set(color, canvas)
  return { image: canvas, repeat: 'repeat' }
}
