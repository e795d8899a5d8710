import { Menu, UnstyledButton } from '@mantine/core'
import { usePageSearch } from '../../frame/use-frame.ts'
import { useFormat, useLanguage, useText } from '../../i18n/use-text.ts'
import { Icon } from '../../ui/icons.tsx'
import style from './retention.module.css'
import { activities, questionOf, readRetentionSearch } from './search.ts'
import { retentionText } from './text.ts'

type Option = { value: string; label: string; hint?: string }

/** The question as a sentence whose underlined parts are choices. Nothing about it is implicit. */
export function Question() {
  const t = useText(retentionText)
  const format = useFormat()
  const french = useLanguage() === 'fr'
  const [search, setSearch] = usePageSearch(readRetentionSearch)
  const { grain, entry, activity, return: back } = questionOf(search)
  const entryChoice = (
    <Inline
      label={t.entry}
      value={entry}
      options={[
        { value: 'FIRST_MATCHING', label: t.first[activity], hint: t.firstHint },
        { value: 'RECURRING', label: t.recurring[activity], hint: t.recurringHint },
      ]}
      onChoose={(value) => setSearch({ entry: value === 'RECURRING' ? 'recurring' : undefined })}
      more={{
        label: t.activity,
        value: activity,
        options: activities.map((each) => ({ value: each, label: t.activities[each] })),
        onChoose: (value) =>
          setSearch(
            readRetentionSearch({ act: value }).act === undefined
              ? { act: undefined }
              : readRetentionSearch({ act: value }),
          ),
      }}
    />
  )
  const grainChoice = (
    <Inline
      label={t.grain}
      value={grain}
      options={(['DAY', 'WEEK', 'MONTH'] as const).map((value) => ({ value, label: t.grains[value] }))}
      said={french ? (grain === 'WEEK' ? 'une même semaine' : `un même ${t.grains[grain]}`) : t.grains[grain]}
      onChoose={(value) => setSearch({ grain: value === 'DAY' ? 'day' : value === 'MONTH' ? 'month' : undefined })}
    />
  )
  const backChoice = (
    <Inline
      label={t.back}
      value={back}
      options={[
        { value: 'ON', label: t.on[grain] },
        { value: 'ON_OR_AFTER', label: t.after[grain] },
      ]}
      onChoose={(value) => setSearch({ ret: value === 'ON_OR_AFTER' ? 'after' : undefined })}
    />
  )
  return (
    <section className={style.question} aria-label={t.question}>
      <p>
        {t.customersWho} {entryChoice} {french ? null : `${t.inA} `}
        {grainChoice} {t.and} {backChoice}.
      </p>
      <p className="secondary">{t.zone(format.timeZone)}</p>
    </section>
  )
}

type Choices = { label: string; value: string; options: readonly Option[]; onChoose: (value: string) => void }

/** A choice within a sentence; `more` is a second one in the same menu. */
function Inline(props: Choices & { said?: string; more?: Choices }) {
  const chosen = props.options.find((option) => option.value === props.value)
  return (
    <Menu position="bottom-start" width={300}>
      <Menu.Target>
        <UnstyledButton className={style.inline} aria-label={`${props.label}: ${props.said ?? chosen?.label ?? ''}`}>
          {props.said ?? chosen?.label}
          <Icon name="chevron" size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Group {...props} />
        {props.more === undefined ? null : (
          <>
            <Menu.Divider />
            <Group {...props.more} />
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function Group(props: Choices) {
  return (
    <>
      <Menu.Label>{props.label}</Menu.Label>
      {props.options.map((option) => (
        <Menu.Item
          key={option.value}
          role="menuitemradio"
          aria-checked={option.value === props.value}
          rightSection={option.value === props.value ? <Icon name="check" size={16} /> : null}
          onClick={() => props.onChoose(option.value)}
        >
          {option.label}
          {option.hint === undefined ? null : <div className="secondary">{option.hint}</div>}
        </Menu.Item>
      ))}
    </>
  )
}
