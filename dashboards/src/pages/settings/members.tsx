import { Button, Modal, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useAsk, useTell } from '../../api/hooks.ts'
import { useBusiness, useCan } from '../../frame/viewer.ts'
import {
  CancelInvitationDocument,
  ChangeRoleDocument,
  InviteMemberDocument,
  MembersDocument,
  type MembersQuery,
  RemoveMemberDocument,
  type Role,
} from '../../generated/graphql.ts'
import { useCommon, useFormat, useText } from '../../i18n/use-text.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { ErrorState } from '../../ui/state/error-state.tsx'
import { ListSkeleton } from '../../ui/state/skeletons.tsx'
import { Part } from './part.tsx'
import style from './settings.module.css'
import { settingsText } from './text.ts'
import { useDo } from './use-do.ts'

type Member = MembersQuery['business']['members'][number]

const roles: Role[] = ['OWNER', 'MARKETER', 'EXECUTIVE', 'ADVISER', 'DEVELOPER']

/** Who belongs to the business, with which role, and who is invited. */
export function Members() {
  const t = useText(settingsText)
  const business = useBusiness()
  const mayWrite = useCan('member.write')
  const [inviting, setInviting] = useState(false)
  const [removing, setRemoving] = useState<Member | null>(null)
  const asked = useAsk(MembersDocument, { business: business.id })
  if (asked.isPending) return <ListSkeleton rows={4} />
  if (asked.data === undefined) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
  const { members, invitations } = asked.data.business
  return (
    <Part
      title={t.members}
      note={t.people.note}
      action={mayWrite ? <Button onClick={() => setInviting(true)}>{t.people.invite}</Button> : null}
    >
      <ul className={style.rows}>
        {members.map((member) => (
          <MemberRow key={member.id} member={member} mayWrite={mayWrite} onRemove={() => setRemoving(member)} />
        ))}
      </ul>
      {invitations.length === 0 ? null : <Invitations invitations={invitations} mayWrite={mayWrite} />}
      <Invite opened={inviting} onClose={() => setInviting(false)} />
      <Remove member={removing} onClose={() => setRemoving(null)} />
    </Part>
  )
}

function MemberRow(props: { member: Member; mayWrite: boolean; onRemove: () => void }) {
  const t = useText(settingsText)
  const c = useCommon()
  const format = useFormat()
  const business = useBusiness().id
  const change = useTell(ChangeRoleDocument)
  const attempt = useDo()
  const { member, mayWrite } = props
  const name = member.name || member.email
  const give = (role: Role) =>
    attempt(() => change.mutateAsync({ business, member: member.id, role }), t.people.roleChanged(name, c.roles[role]))
  return (
    <li>
      <span className={style.rowMain}>
        <strong>
          {name} {member.isYou ? <span className="secondary">({t.people.you})</span> : null}
        </strong>
        <span className="secondary">
          {member.email} · {t.people.since(format.date(member.since))}
        </span>
      </span>
      {mayWrite && !member.isYou ? (
        <>
          <Select
            w={150}
            aria-label={t.people.roleOf(name)}
            data={roles.map((role) => ({ value: role, label: c.roles[role] }))}
            value={member.role}
            onChange={(role) => {
              if (role !== null && role !== member.role) void give(role as Role)
            }}
          />
          <Button variant="subtle" color="gray" aria-label={t.people.removeLabel(name)} onClick={props.onRemove}>
            {t.people.remove}
          </Button>
        </>
      ) : (
        <span className={style.quiet}>{c.roles[member.role]}</span>
      )}
    </li>
  )
}

function Invitations(props: { invitations: MembersQuery['business']['invitations']; mayWrite: boolean }) {
  const t = useText(settingsText)
  const c = useCommon()
  const format = useFormat()
  const business = useBusiness().id
  const cancel = useTell(CancelInvitationDocument)
  const attempt = useDo()
  return (
    <>
      <h3 className={style.sub}>{t.people.invitations}</h3>
      <ul className={style.rows}>
        {props.invitations.map((invitation) => (
          <li key={invitation.id}>
            <span className={style.rowMain}>
              <strong>{invitation.email}</strong>
              <span className="secondary">
                {c.roles[invitation.role]} · {t.people.expires(format.date(invitation.expiresAt))}
              </span>
            </span>
            {props.mayWrite ? (
              <Button
                variant="subtle"
                color="gray"
                aria-label={t.people.cancelLabel(invitation.email)}
                onClick={() => void attempt(() => cancel.mutateAsync({ business, id: invitation.id }), t.saved)}
              >
                {t.people.cancel}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}

function Invite(props: { opened: boolean; onClose: () => void }) {
  const t = useText(settingsText)
  const c = useCommon()
  const business = useBusiness().id
  const invite = useTell(InviteMemberDocument)
  const attempt = useDo()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('MARKETER')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const done = await attempt(() => invite.mutateAsync({ business, email, role }), t.people.invited(email))
    if (!done) return
    setEmail('')
    props.onClose()
  }
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t.people.inviteTitle}
      closeButtonProps={{ 'aria-label': c.common.close }}
    >
      <form className={style.form} onSubmit={(event) => void submit(event)}>
        <TextInput
          type="email"
          label={t.people.email}
          required
          withAsterisk={false}
          data-autofocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          label={t.people.role}
          description={t.people.roleHelp[role]}
          data={roles.map((each) => ({ value: each, label: c.roles[each] }))}
          value={role}
          onChange={(value) => setRole((value ?? role) as Role)}
        />
        <Button type="submit" loading={invite.isPending}>
          {t.people.invite}
        </Button>
      </form>
    </Modal>
  )
}

function Remove(props: { member: Member | null; onClose: () => void }) {
  const t = useText(settingsText)
  const business = useBusiness().id
  const remove = useTell(RemoveMemberDocument)
  const attempt = useDo()
  const { member, onClose } = props
  const name = member === null ? '' : member.name || member.email
  const run = async () => {
    if (member === null) return
    if (await attempt(() => remove.mutateAsync({ business, member: member.id }), t.people.removed(name))) onClose()
  }
  return (
    <Confirm
      opened={member !== null}
      title={t.people.removeTitle(name)}
      action={t.people.removeLabel(name)}
      danger
      busy={remove.isPending}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <p>{t.people.removeText}</p>
    </Confirm>
  )
}
