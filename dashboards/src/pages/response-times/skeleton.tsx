import { useCommon } from '../../i18n/use-text.ts'
import { Bone, ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './response-times.module.css'

/** The layout of the page without its figures. */
export function ResponseSkeleton() {
  const t = useCommon()
  return (
    <div role="status" aria-label={t.common.loading}>
      <div className={style.tiles}>
        {['a', 'b', 'c'].map((key) => (
          <div key={key} className={style.boneTile}>
            <Bone width="60%" height={16} />
            <Bone width={140} height={40} />
            <Bone width={110} height={14} />
            <Bone height={48} />
          </div>
        ))}
      </div>
      <div className={style.sum}>
        <Bone width="min(620px, 90%)" height={28} />
      </div>
      <div style={{ height: 48 }} />
      <Bone height={300} radius={8} />
      <div className={style.pair}>
        <Bone height={300} radius={8} />
        <ListSkeleton rows={6} />
      </div>
    </div>
  )
}
