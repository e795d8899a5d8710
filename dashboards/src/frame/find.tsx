import { Modal, UnstyledButton } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { Link, useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useState } from 'react'
import { useAsk } from '../api/hooks.ts'
import { FindDocument } from '../generated/graphql.ts'
import { useCommon } from '../i18n/use-text.ts'
import { bareId } from '../lib/ids.ts'
import { Icon } from '../ui/icons.tsx'
import find from './find.module.css'
import style from './frame.module.css'
import { pages } from './pages.ts'
import { useBusiness } from './viewer.ts'

/** One field for people, campaigns and pages; `/` or ⌘K opens it. */
export function Find() {
  const t = useCommon()
  const [opened, setOpened] = useState(false)
  useHotkeys([
    ['/', () => setOpened(true)],
    ['mod+K', () => setOpened(true)],
  ])
  return (
    <>
      <UnstyledButton
        className={`${style.control} ${style.square}`}
        aria-label={t.frame.search}
        aria-keyshortcuts="/"
        onClick={() => setOpened(true)}
      >
        <Icon name="search" />
      </UnstyledButton>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        withCloseButton={false}
        yOffset="12vh"
        centered={false}
        padding={0}
        size={560}
        title={t.frame.search}
        classNames={{ header: 'visually-hidden' }}
      >
        <FindPanel onDone={() => setOpened(false)} />
      </Modal>
    </>
  )
}

type Target =
  | { to: (typeof pages)[number]['to'] }
  | { to: '/campaigns/$id' | '/conversations/$id'; params: { id: string } }
type Hit = { key: string; group: string; label: string; target: Target }

function FindPanel(props: { onDone: () => void }) {
  const t = useCommon()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const hits = useHits(typed)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setActive((now) => Math.max(0, Math.min(hits.length - 1, now + step)))
    }
    const hit = hits[active]
    if (event.key === 'Enter' && hit !== undefined) {
      props.onDone()
      void navigate(hit.target)
    }
  }
  return (
    <div className={find.panel}>
      <label className={find.field}>
        <Icon name="search" />
        <span className="visually-hidden">{t.frame.search}</span>
        <input
          type="search"
          placeholder={t.frame.searchHint}
          value={typed}
          data-autofocus
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-controls="find-hits"
          aria-activedescendant={hits[active] === undefined ? undefined : `find-${active}`}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      {hits.length === 0 ? <p className={find.nothing}>{t.frame.searchNothing(typed)}</p> : null}
      <div id="find-hits" className={find.hits} role="listbox" aria-label={t.frame.search}>
        {hits.map((hit, index) => (
          <Link
            {...hit.target}
            key={hit.key}
            id={`find-${index}`}
            role="option"
            aria-selected={index === active}
            className={find.hit}
            tabIndex={-1}
            onClick={props.onDone}
            onMouseEnter={() => setActive(index)}
          >
            <span>{hit.label}</span>
            <span className="secondary">{hit.group}</span>
          </Link>
        ))}
      </div>
    </div>
  )
}

function useHits(typed: string): Hit[] {
  const t = useCommon()
  const business = useBusiness()
  const [search] = useDebouncedValue(typed.trim(), 200)
  const found = useAsk(FindDocument, { business: business.id, search }, { enabled: search.length >= 2 })
  const has = (text: string) => text.toLocaleLowerCase().includes(typed.trim().toLocaleLowerCase())
  const hits: Hit[] = pages
    .filter((page) => has(t.nav[page.key]))
    .map((page) => ({ key: page.key, group: t.frame.pages, label: t.nav[page.key], target: { to: page.to } }))
  if (search.length < 2 || found.data === undefined) return hits
  for (const { node } of found.data.business.campaigns.edges) {
    if (has(node.name)) {
      hits.push({
        key: node.id,
        group: t.nav.campaigns,
        label: node.name,
        target: { to: '/campaigns/$id', params: { id: bareId(node.id) } },
      })
    }
  }
  for (const { node } of found.data.business.contacts.edges) {
    const conversation = node.conversations[0]
    if (conversation === undefined) continue
    hits.push({
      key: node.id,
      group: t.frame.people,
      label: node.name || t.rows.unnamed,
      target: { to: '/conversations/$id', params: { id: bareId(conversation.id) } },
    })
  }
  return hits
}
