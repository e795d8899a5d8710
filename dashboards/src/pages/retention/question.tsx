import { usePageSearch } from '../../frame/use-frame.ts'
import { useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { type Choices, Inline } from './inline.tsx'
import style from './retention.module.css'
import {
  type Activity,
  activities,
  customName,
  horizons,
  type KnownActivity,
  questionOf,
  type RetentionSearch,
  readRetentionSearch,
} from './search.ts'
import { retentionText } from './text.ts'

/** The question as a sentence whose underlined parts are choices. Nothing about it is implicit. */
export function Question() {
  const t = useText(retentionText)
  const format = useFormat()
  const french = useLanguage() === 'fr'
  const [search] = usePageSearch(readRetentionSearch)
  const { grain } = questionOf(search)
  return (
    <section className={style.question} aria-label={t.question}>
      <p>
        {t.customersWho} <EntryChoice /> {french ? null : `${t.inA} `}
        <GrainChoice /> {t.and} <BackChoice /> <WhenChoice />, <BreakdownChoice />.
      </p>
      <p className="secondary">
        {t.zone(format.timeZone)}
        {grain === 'WEEK' && search.ws === 'sunday' ? ` ${t.weeksFrom.SUNDAY}.` : ''}
      </p>
    </section>
  )
}

/** How an activity is said, as something that happened first, or at all. */
function useSaid() {
  const t = useText(retentionText)
  const custom = (activity: Activity) => customName(activity)
  return {
    first: (activity: Activity) => {
      const name = custom(activity)
      return name === null ? t.first[activity as KnownActivity] : t.firstCustom(name)
    },
    did: (activity: Activity) => {
      const name = custom(activity)
      return name === null ? t.recurring[activity as KnownActivity] : t.recurringCustom(name)
    },
  }
}

/** The choice of an activity, one of the known or one's own. */
function useActivities(label: string, value: string, onChoose: (activity: Activity | undefined) => void): Choices {
  const t = useText(retentionText)
  const read = (raw: string) => readRetentionSearch({ back: raw }).back
  return {
    label,
    value,
    options: activities.map((each) => ({ value: each, label: t.activities[each] })),
    onChoose: (raw) => onChoose(read(raw)),
    own: {
      label: t.custom,
      placeholder: t.customPlace,
      value: customName(value) ?? '',
      onName: (name) => onChoose(read(`custom:${name}`)),
    },
  }
}

function EntryChoice() {
  const t = useText(retentionText)
  const said = useSaid()
  const [search, setSearch] = usePageSearch(readRetentionSearch)
  const { entry, activity } = questionOf(search)
  const what = useActivities(t.activity, activity, (act) => setSearch({ act }))
  const words = entry === 'RECURRING' ? said.did(activity) : said.first(activity)
  return (
    <Inline
      said={entry === 'FIRST_EVER' ? `${said.did(activity)} ${t.ever}` : words}
      groups={[
        {
          label: t.entry,
          value: entry,
          options: [
            { value: 'FIRST_MATCHING', label: said.first(activity), hint: t.firstHint },
            { value: 'FIRST_EVER', label: `${said.did(activity)} ${t.ever}`, hint: t.everHint },
            { value: 'RECURRING', label: said.did(activity), hint: t.recurringHint },
          ],
          onChoose: (value) =>
            setSearch({ entry: value === 'RECURRING' ? 'recurring' : value === 'FIRST_EVER' ? 'ever' : undefined }),
        },
        what,
      ]}
    />
  )
}

function GrainChoice() {
  const t = useText(retentionText)
  const french = useLanguage() === 'fr'
  const [search, setSearch] = usePageSearch(readRetentionSearch)
  const { grain, return: back, options } = questionOf(search)
  const weeks: Choices = {
    label: t.weekStart,
    value: search.ws === 'sunday' ? 'SUNDAY' : 'MONDAY',
    options: (['MONDAY', 'SUNDAY'] as const).map((value) => ({ value, label: t.weekdays[value] })),
    onChoose: (value) => setSearch({ ws: value === 'SUNDAY' ? 'sunday' : undefined }),
  }
  const rolling = options.timing === 'ROLLING'
  const one = french ? (grain === 'WEEK' ? 'une même semaine' : `un même ${t.grains[grain]}`) : t.grains[grain]
  return (
    <Inline
      said={rolling ? `${one} (${t.rolling})` : one}
      groups={[
        {
          label: t.grain,
          value: grain,
          options: (['DAY', 'WEEK', 'MONTH'] as const).map((value) => ({ value, label: t.grains[value] })),
          onChoose: (value) => setSearch({ grain: value === 'DAY' ? 'day' : value === 'MONTH' ? 'month' : undefined }),
        },
        ...(grain === 'WEEK' ? [weeks] : []),
        {
          label: t.clock,
          value: rolling ? 'ROLLING' : 'CALENDAR',
          options: [
            { value: 'CALENDAR', label: t.calendar, hint: t.calendarHint },
            {
              value: 'ROLLING',
              label: t.rolling,
              hint: back === 'ON_OR_AFTER' ? t.rollingRefused : t.rollingHint,
              disabled: back === 'ON_OR_AFTER',
            },
          ],
          onChoose: (value) => setSearch({ clock: value === 'ROLLING' ? 'rolling' : undefined }),
        },
      ]}
    />
  )
}

const oftens = [1, 2, 3, 5] as const

function BackChoice() {
  const t = useText(retentionText)
  const said = useSaid()
  const [search, setSearch] = usePageSearch(readRetentionSearch)
  const { activity, options } = questionOf(search)
  const chosen = options.returnActivity === undefined ? undefined : search.back
  const what = useActivities(t.backActivity, chosen ?? 'same', (back) => setSearch({ back }))
  const often = search.min ?? 1
  const words = chosen === undefined ? t.again : said.did(chosen)
  return (
    <Inline
      said={often === 1 ? words : `${words} ${t.atLeast(t.times[often])}`}
      groups={[
        {
          ...what,
          options: [
            { value: 'same', label: t.sameAgain },
            ...what.options.filter((option) => option.value !== activity),
          ],
        },
        {
          label: t.often,
          value: String(often),
          options: oftens.map((each) => ({ value: String(each), label: t.times[each] })),
          onChoose: (value) => setSearch({ min: readRetentionSearch({ min: value }).min }),
        },
      ]}
    />
  )
}

const whens: Record<string, RetentionSearch['ret']> = { ON_OR_AFTER: 'after', BOUNDED: 'within', BRACKET: 'brackets' }

function WhenChoice() {
  const t = useText(retentionText)
  const [search, setSearch] = usePageSearch(readRetentionSearch)
  const { grain, return: back } = questionOf(search)
  const options = [
    { value: 'ON', label: t.on[grain] },
    { value: 'BOUNDED', label: t.within[grain](horizons[grain]), hint: t.withinHint },
    { value: 'BRACKET', label: t.inBrackets[grain] },
    { value: 'ON_OR_AFTER', label: t.after[grain] },
  ]
  return (
    <Inline
      said={options.find((option) => option.value === back)?.label ?? ''}
      groups={[{ label: t.back, value: back, options, onChoose: (value) => setSearch({ ret: whens[value] }) }]}
    />
  )
}

function BreakdownChoice() {
  const t = useText(retentionText)
  const [search, setSearch] = usePageSearch(readRetentionSearch)
  const { breakdown } = questionOf(search).options
  const options = [
    { value: 'NONE', label: t.together },
    { value: 'CHANNEL', label: t.by.CHANNEL },
    { value: 'CAMPAIGN', label: t.by.CAMPAIGN, hint: t.byCampaignSummary },
  ]
  const value = breakdown ?? 'NONE'
  return (
    <Inline
      said={options.find((option) => option.value === value)?.label ?? ''}
      groups={[
        {
          label: t.breakdown,
          value,
          options,
          onChoose: (chosen) =>
            setSearch({ by: chosen === 'CHANNEL' ? 'channel' : chosen === 'CAMPAIGN' ? 'campaign' : undefined }),
        },
      ]}
    />
  )
}
