import { Popover, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { Channel, FrameQuery } from '../generated/graphql.ts'
import { useCommon } from '../i18n/use-text.ts'
import { Icon } from '../ui/icons.tsx'
import style from './frame.module.css'
import { Choice } from './period-picker.tsx'
import { useFrameSearch } from './use-frame.ts'

type Account = FrameQuery['business']['accounts'][number]

/** Channel and account: a chip for each one chosen, and a panel to choose them. */
export function Filters(props: { accounts: Account[] }) {
  const t = useCommon()
  const [opened, setOpened] = useState(false)
  const [search, setSearch] = useFrameSearch()
  const account = props.accounts.find((each) => each.id === search.account)
  return (
    <>
      <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton className={style.control} onClick={() => setOpened(!opened)}>
            <Icon name="filter" size={18} />
            <span className={style.quiet}>{t.frame.filters}</span>
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>
          <FilterChoices accounts={props.accounts} />
        </Popover.Dropdown>
      </Popover>
      {search.channel === undefined ? null : (
        <Chip label={t.channels[search.channel]} onRemove={() => setSearch({ channel: undefined })} />
      )}
      {search.account === undefined ? null : (
        <Chip label={account?.name ?? t.frame.account} onRemove={() => setSearch({ account: undefined })} />
      )}
    </>
  )
}

function FilterChoices(props: { accounts: Account[] }) {
  const t = useCommon()
  const [search, setSearch] = useFrameSearch()
  const channels = [...new Set(props.accounts.map((each) => each.channel))] as Channel[]
  return (
    <div className={style.panel}>
      <section>
        <h2>{t.frame.channel}</h2>
        <div className={style.choices}>
          <Choice
            label={t.frame.all}
            chosen={search.channel === undefined}
            onChoose={() => setSearch({ channel: undefined })}
          />
          {channels.map((channel) => (
            <Choice
              key={channel}
              label={t.channels[channel]}
              chosen={search.channel === channel}
              onChoose={() => setSearch({ channel, account: undefined })}
            />
          ))}
        </div>
      </section>
      <section>
        <h2>{t.frame.account}</h2>
        <div className={style.choices}>
          <Choice
            label={t.frame.all}
            chosen={search.account === undefined}
            onChoose={() => setSearch({ account: undefined })}
          />
          {props.accounts
            .filter((each) => search.channel === undefined || each.channel === search.channel)
            .map((each) => (
              <Choice
                key={each.id}
                label={each.name}
                chosen={search.account === each.id}
                onChoose={() => setSearch({ account: each.id })}
              />
            ))}
        </div>
      </section>
    </div>
  )
}

function Chip(props: { label: string; onRemove: () => void }) {
  const t = useCommon()
  return (
    <span className={style.chip}>
      {props.label}
      <button type="button" aria-label={t.frame.clearFilter(props.label)} onClick={props.onRemove}>
        <Icon name="close" size={14} />
      </button>
    </span>
  )
}
