import frame from '../../frame/frame.module.css'
import { useCommon } from '../../i18n/use-text.ts'
import { Mark } from '../icons.tsx'
import style from './state.module.css'

/** A grey shape where something will be. Sizes in CSS units. */
export function Bone(props: { width?: string | number; height?: string | number; radius?: number }) {
  return (
    <div
      className={style.bone}
      style={{ width: props.width ?? '100%', height: props.height ?? 16, borderRadius: props.radius ?? 6 }}
    />
  )
}

/** A page that is on its way: heading, lead, blocks. Pages with a layout of their own bring their own skeleton. */
export function PageSkeleton() {
  const t = useCommon()
  return (
    <div role="status" aria-label={t.common.loading}>
      <Bone width={220} height={32} />
      <div style={{ height: 12 }} />
      <Bone width="min(640px, 90%)" height={20} />
      <div style={{ height: 40 }} />
      <Bone height={280} radius={12} />
    </div>
  )
}

/** The whole frame while it is not yet known who is asking. */
export function FrameSkeleton() {
  const t = useCommon()
  return (
    <div className={frame.frame} role="status" aria-label={t.common.loading}>
      <div className={frame.rail}>
        <div className={frame.brand}>
          <Mark />
          <span>Fidelio</span>
        </div>
      </div>
      <div className={frame.column}>
        <div className={frame.top} />
        <div className={frame.main}>
          <PageSkeleton />
        </div>
      </div>
    </div>
  )
}

/** Rows of a list or table. */
export function ListSkeleton(props: { rows?: number; height?: number }) {
  const t = useCommon()
  return (
    <div role="status" aria-label={t.common.loading} style={{ display: 'grid', gap: 12 }}>
      {Array.from({ length: props.rows ?? 6 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey shapes have no identity
        <Bone key={index} height={props.height ?? 40} width={`${96 - ((index * 7) % 24)}%`} />
      ))}
    </div>
  )
}
