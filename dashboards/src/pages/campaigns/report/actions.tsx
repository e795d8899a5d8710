import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTell } from '../../../api/hooks.ts'
import { useBusiness, useCan } from '../../../frame/viewer.ts'
import {
  CancelCampaignDocument,
  DuplicateCampaignDocument,
  PauseCampaignDocument,
  ResumeCampaignDocument,
  ScheduleCampaignDocument,
} from '../../../generated/graphql.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { bareId } from '../../../lib/ids.ts'
import { Confirm } from '../../../ui/confirm.tsx'
import { useErrorSentence } from '../../../ui/state/error-state.tsx'
import { useToast } from '../../../ui/toast.tsx'
import { createText } from '../create/text.ts'
import { whenText } from '../create/when-text.ts'
import type { Report } from '../report-page.tsx'
import { campaignsText } from '../text.ts'
import { reportText } from './text.ts'

/** What can be done with the campaign where it stands. */
export function Actions(props: { campaign: Report }) {
  const mayWrite = useCan('campaign.write')
  const { campaign } = props
  if (!mayWrite) return null
  if (campaign.status === 'DRAFT') return <EditDraft campaign={campaign} />
  return (
    <>
      <Duplicate campaign={campaign} />
      <Steering campaign={campaign} />
    </>
  )
}

function Steering(props: { campaign: Report }) {
  const { campaign } = props
  const isSeries = Boolean(campaign.schedule?.rule)
  if (campaign.status === 'SCHEDULED') {
    return (
      <>
        {isSeries ? <Pause campaign={campaign} /> : null}
        <Unschedule campaign={campaign} />
      </>
    )
  }
  if (campaign.status === 'PLANNING' || campaign.status === 'SENDING') {
    return (
      <>
        <Stop campaign={campaign} />
        {campaign.status === 'SENDING' ? <Pause campaign={campaign} /> : null}
      </>
    )
  }
  if (campaign.status === 'HELD') {
    return (
      <>
        <Stop campaign={campaign} />
        {campaign.statusReason === 'paused' ? <Resume campaign={campaign} /> : <ScheduleAgain campaign={campaign} />}
      </>
    )
  }
  return null
}

/** Nobody more is started; the way back is one press. */
function Pause(props: { campaign: Report }) {
  const w = useText(whenText)
  const toast = useToast()
  const say = useErrorSentence()
  const { id: business } = useBusiness()
  const pause = useTell(PauseCampaignDocument)
  return (
    <Button
      variant="default"
      loading={pause.isPending}
      onClick={() =>
        pause.mutate(
          { id: props.campaign.id, business },
          {
            onSuccess: () => toast({ text: w.paused }),
            onError: (error) => toast({ text: say(error), tone: 'failed' }),
          },
        )
      }
    >
      {w.pause}
    </Button>
  )
}

function Resume(props: { campaign: Report }) {
  const w = useText(whenText)
  const toast = useToast()
  const say = useErrorSentence()
  const { id: business } = useBusiness()
  const resume = useTell(ResumeCampaignDocument)
  return (
    <Button
      loading={resume.isPending}
      onClick={() =>
        resume.mutate(
          { id: props.campaign.id, business },
          {
            onSuccess: () => toast({ text: w.resumed }),
            onError: (error) => toast({ text: say(error), tone: 'failed' }),
          },
        )
      }
    >
      {w.resume}
    </Button>
  )
}

/** Opens the copy as a draft. */
function Duplicate(props: { campaign: Report }) {
  const w = useText(whenText)
  const toast = useToast()
  const say = useErrorSentence()
  const navigate = useNavigate()
  const { id: business } = useBusiness()
  const duplicate = useTell(DuplicateCampaignDocument)
  const { id, name } = props.campaign
  return (
    <Button
      variant="subtle"
      color="gray"
      loading={duplicate.isPending}
      onClick={() =>
        duplicate.mutate(
          { id, business, name: w.copyOf(name) },
          {
            onSuccess: (made) => {
              toast({ text: w.duplicated })
              const draft = bareId(made.duplicateCampaign.id)
              void navigate({ to: '/campaigns/new', search: (now) => ({ ...now, draft }) })
            },
            onError: (error) => toast({ text: say(error), tone: 'failed' }),
          },
        )
      }
    >
      {w.duplicate}
    </Button>
  )
}

function EditDraft(props: { campaign: Report }) {
  const t = useText(reportText)
  const navigate = useNavigate()
  const draft = bareId(props.campaign.id)
  return (
    <Button onClick={() => void navigate({ to: '/campaigns/new', search: (now) => ({ ...now, draft }) })}>
      {t.editDraft}
    </Button>
  )
}

/** A schedule as it is told to the server. */
function wallsOf({ startLocal, rule, inContactZone }: NonNullable<Report['schedule']>) {
  return { startLocal, rule, inContactZone }
}

/** Back to draft, with a way to undo it while the moment has not passed. */
function Unschedule(props: { campaign: Report }) {
  const t = useText(reportText)
  const shared = useText(campaignsText)
  const create = useText(createText)
  const format = useFormat()
  const toast = useToast()
  const say = useErrorSentence()
  const { id: business } = useBusiness()
  const cancel = useTell(CancelCampaignDocument)
  const schedule = useTell(ScheduleCampaignDocument)
  const { id, scheduledAt, schedule: walls, misfire } = props.campaign
  const again = () => {
    if (scheduledAt === null) return
    schedule.mutate(
      { id, business, misfire, schedule: walls && wallsOf(walls), at: walls === null ? scheduledAt : null },
      {
        onSuccess: () => toast({ text: create.scheduled(format.dateTime(scheduledAt)) }),
        onError: (error) => toast({ text: say(error), tone: 'failed' }),
      },
    )
  }
  return (
    <Button
      variant="default"
      loading={cancel.isPending}
      onClick={() =>
        cancel.mutate(
          { id, business },
          {
            onSuccess: () => toast({ text: shared.drafted, undo: again }),
            onError: (error) => toast({ text: say(error), tone: 'failed' }),
          },
        )
      }
    >
      {t.unschedule}
    </Button>
  )
}

function Stop(props: { campaign: Report }) {
  const t = useText(reportText)
  const shared = useText(campaignsText)
  const toast = useToast()
  const say = useErrorSentence()
  const { id: business } = useBusiness()
  const cancel = useTell(CancelCampaignDocument)
  const [asking, setAsking] = useState(false)
  const stop = () =>
    cancel.mutate(
      { id: props.campaign.id, business },
      {
        onSuccess: () => toast({ text: shared.stopped }),
        onError: (error) => toast({ text: say(error), tone: 'failed' }),
        onSettled: () => setAsking(false),
      },
    )
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t.stop}
      </Button>
      <Confirm
        opened={asking}
        title={t.stopTitle}
        action={t.stop}
        danger
        busy={cancel.isPending}
        onConfirm={stop}
        onClose={() => setAsking(false)}
      >
        <p>{t.stopText}</p>
      </Confirm>
    </>
  )
}

/** A held campaign goes out at once when a person says so. */
function ScheduleAgain(props: { campaign: Report }) {
  const t = useText(reportText)
  const create = useText(createText)
  const toast = useToast()
  const say = useErrorSentence()
  const navigate = useNavigate()
  const { id: business } = useBusiness()
  const schedule = useTell(ScheduleCampaignDocument)
  const { id } = props.campaign
  return (
    <Button
      loading={schedule.isPending}
      onClick={() =>
        schedule.mutate(
          { id, business, at: null, schedule: null, misfire: null },
          {
            onSuccess: () => {
              toast({ text: create.started })
              void navigate({ to: '/campaigns/$id', params: { id: bareId(id) } })
            },
            onError: (error) => toast({ text: say(error), tone: 'failed' }),
          },
        )
      }
    >
      {t.schedule}
    </Button>
  )
}
