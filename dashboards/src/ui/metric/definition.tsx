import { Popover, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useCommon } from '../../i18n/use-text.ts'
import { Icon } from '../icons.tsx'
import style from './metric.module.css'

/** The sentence that defines a number, behind an (i). */
export function Definition(props: { name: string; sentence: string; note?: string | null }) {
  const t = useCommon()
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} width={320} position="bottom" trapFocus={false} returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={style.info}
          aria-label={`${t.metric.definition}: ${props.name}`}
          onClick={() => setOpened(!opened)}
        >
          <Icon name="info" size={16} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={style.defName}>{props.name}</p>
        <p className={style.defSentence}>{props.sentence}</p>
        {props.note === undefined || props.note === null ? null : <p className="secondary">{props.note}</p>}
      </Popover.Dropdown>
    </Popover>
  )
}
