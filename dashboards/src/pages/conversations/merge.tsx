import { Button, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAsk, useTell } from '../../api/hooks.ts'
import { useBusiness } from '../../frame/viewer.ts'
import { FindPeopleDocument, MergeDocument, MergePreviewDocument, UnmergeDocument } from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { ErrorState, useErrorSentence } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { useToast } from '../../ui/toast.tsx'
import style from './conversations.module.css'
import { mergeText } from './merge-text.ts'

/** "Merge with…": find the other person, see what would happen, do it, and take it back from the toast. */
export function Merge(props: { contactId: string; name: string }) {
  const t = useText(mergeText)
  const [open, setOpen] = useState(false)
  const [other, setOther] = useState<string | null>(null)
  const close = () => {
    setOpen(false)
    setOther(null)
  }
  return (
    <section>
      <Button variant="default" size="xs" onClick={() => setOpen(true)}>
        {t.action}
      </Button>
      {open && other === null ? <Choose {...props} onChoose={setOther} onClose={close} /> : null}
      {other === null ? null : <Preview contactId={props.contactId} otherId={other} onClose={close} />}
    </section>
  )
}

const peopleShown = 8

function Choose(props: { contactId: string; name: string; onChoose: (id: string) => void; onClose: () => void }) {
  const t = useText(mergeText)
  const c = useCommon()
  const business = useBusiness()
  const [search, setSearch] = useState('')
  const found = useAsk(
    FindPeopleDocument,
    { business: business.id, search: search.trim(), first: peopleShown },
    { enabled: search.trim() !== '' },
  )
  const people = (found.data?.business.contacts.edges ?? []).filter((edge) => edge.node.id !== props.contactId)
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.title(props.name)}
      closeButtonProps={{ 'aria-label': c.common.close }}
    >
      <TextInput
        label={t.search}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        data-autofocus
      />
      {found.isError ? <ErrorState error={found.error} onRetry={() => void found.refetch()} compact /> : null}
      {search.trim() !== '' && found.data && people.length === 0 ? <p className="secondary">{t.nobody}</p> : null}
      <ul className={style.orders}>
        {search.trim() === ''
          ? null
          : people.map(({ node }) => (
              <li key={node.id}>
                <Button variant="subtle" size="compact-sm" onClick={() => props.onChoose(node.id)}>
                  {node.name}
                </Button>
                <span className="secondary">{node.identities.map((identity) => identity.value).join(', ')}</span>
              </li>
            ))}
      </ul>
    </Modal>
  )
}

function Preview(props: { contactId: string; otherId: string; onClose: () => void }) {
  const t = useText(mergeText)
  const format = useFormat()
  const business = useBusiness()
  const toast = useToast()
  const say = useErrorSentence()
  const pair = { business: business.id, a: props.contactId, b: props.otherId }
  const asked = useAsk(MergePreviewDocument, pair, { keepPrevious: false })
  const merge = useTell(MergeDocument)
  const unmerge = useTell(UnmergeDocument)
  const preview = asked.data?.business.contactMergePreview

  async function run() {
    try {
      const { mergeContacts } = await merge.mutateAsync(pair)
      const undo = () =>
        unmerge.mutate(
          { business: business.id, merge: mergeContacts.mergeId },
          {
            onSuccess: () => toast({ text: t.undone }),
            onError: (error) => toast({ text: say(error), tone: 'failed' }),
          },
        )
      toast({ text: t.done, undo })
      props.onClose()
    } catch (error) {
      toast({ text: say(error), tone: 'failed' })
    }
  }

  return (
    <Confirm
      opened
      title={t.check}
      action={t.merge}
      busy={asked.isPending || merge.isPending}
      onConfirm={() => void run()}
      onClose={props.onClose}
    >
      {asked.isPending ? <ListSkeleton rows={4} height={24} /> : null}
      {asked.isError ? <ErrorState error={asked.error} onRetry={() => void asked.refetch()} compact /> : null}
      {preview === undefined ? null : (
        <>
          <p>{t.kept(preview.moved.contact.name, preview.kept.contact.name)}</p>
          <ul>
            <li>{t.names(preview.after.identities.map((identity) => identity.value).join(', '))}</li>
            <li>{t.conversations(preview.after.conversations, format.number(preview.after.conversations))}</li>
            {preview.after.consents.map((consent) => (
              <li key={`${consent.channel}${consent.topic}`}>
                {consent.granted ? t.may(consent.topic) : t.mayNot(consent.topic)}
              </li>
            ))}
            <li>{t.people(format.number(preview.peopleBefore), format.number(preview.peopleAfter))}</li>
          </ul>
          <p className="secondary">{t.promise}</p>
        </>
      )}
    </Confirm>
  )
}
