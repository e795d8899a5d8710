import { useCommon } from '../../i18n/use-text.ts'
import { Bone, ListSkeleton } from '../../ui/state/skeletons.tsx'
import style from './overview.module.css'

/** The layout of the page without its figures, so that nothing moves when they arrive. */
export function OverviewSkeleton() {
  const t = useCommon()
  return (
    <div role="status" aria-label={t.common.loading}>
      <div className={style.headline}>
        <Bone width={320} height={20} />
        <div className={style.boneHead}>
          <Bone width="min(880px, 96%)" height={32} />
          <Bone width="min(560px, 70%)" height={32} />
        </div>
      </div>
      <div className={style.tiles}>
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <div key={key} className={style.boneTile}>
            <Bone width="70%" height={16} />
            <Bone width={120} height={40} />
            <Bone width={90} height={14} />
            <Bone height={48} />
            <Bone width="90%" height={14} />
            <Bone width="60%" height={14} />
          </div>
        ))}
      </div>
      <div className={style.below}>
        <ListSkeleton rows={5} />
        <ListSkeleton rows={3} />
      </div>
    </div>
  )
}
