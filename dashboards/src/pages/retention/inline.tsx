import { Menu, TextInput, UnstyledButton } from '@mantine/core'
import { Fragment, type KeyboardEvent, useState } from 'react'
import { Icon } from '../../ui/icons.tsx'
import style from './retention.module.css'

type Option = { value: string; label: string; hint?: string; disabled?: boolean }
type Own = { label: string; placeholder: string; value: string; onName: (name: string) => void }

/** One choice; `own`: a name may be written instead. */
export type Choices = {
  label: string
  value: string
  options: readonly Option[]
  onChoose: (value: string) => void
  own?: Own
}

/** A part of a sentence that can be changed: `said` stands there, and opens one or more choices. */
export function Inline(props: { said: string; groups: readonly Choices[] }) {
  const [opened, setOpened] = useState(false)
  return (
    <Menu position="bottom-start" width={300} opened={opened} onChange={setOpened}>
      <Menu.Target>
        <UnstyledButton className={style.inline} aria-label={`${props.groups[0]?.label ?? ''}: ${props.said}`}>
          {props.said}
          <Icon name="chevron" size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={style.choices}>
        {props.groups.map((group, index) => (
          <Fragment key={group.label}>
            {index === 0 ? null : <Menu.Divider />}
            <Group {...group} onDone={() => setOpened(false)} />
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Group(props: Choices & { onDone: () => void }) {
  return (
    <>
      <Menu.Label>{props.label}</Menu.Label>
      {props.options.map((option) => (
        <Menu.Item
          key={option.value}
          role="menuitemradio"
          aria-checked={option.value === props.value}
          disabled={option.disabled ?? false}
          rightSection={option.value === props.value ? <Icon name="check" size={16} /> : null}
          onClick={() => props.onChoose(option.value)}
        >
          {option.label}
          {option.hint === undefined ? null : <div className="secondary">{option.hint}</div>}
        </Menu.Item>
      ))}
      {props.own === undefined ? null : <OwnName own={props.own} onDone={props.onDone} />}
    </>
  )
}

function OwnName({ own, onDone }: { own: Own; onDone: () => void }) {
  const [name, setName] = useState(own.value)
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // The menu would take letters and arrows for its own.
    event.stopPropagation()
    if (event.key === 'Escape') onDone()
    if (event.key !== 'Enter' || name.trim() === '') return
    own.onName(name.trim())
    onDone()
  }
  return (
    <TextInput
      className={style.own}
      size="xs"
      label={own.label}
      placeholder={own.placeholder}
      value={name}
      maxLength={128}
      onChange={(event) => setName(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  )
}
