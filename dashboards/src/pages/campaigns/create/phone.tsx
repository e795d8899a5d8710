import { useState } from 'react'
import { useBusiness } from '../../../frame/viewer.ts'
import { useFormat, useText } from '../../../i18n/use-text.ts'
import { type MessageContext, renderMessage } from '../liquid.ts'
import style from './create.module.css'
import type { Form } from './form.ts'
import { createText } from './text.ts'
import type { Preview } from './use-preview.ts'

/** A telephone with the message as one real person would read it; what was filled in is marked. */
export function Phone(props: { form: Form; accountName: string; sample: Preview['sample'] }) {
  const t = useText(createText)
  const format = useFormat()
  const business = useBusiness()
  const [chosen, setChosen] = useState('')
  const { form, sample } = props
  const person = chosen === 'nobody' ? null : (sample.find((each) => each.id === chosen) ?? sample[0] ?? null)
  const pieces = renderMessage(form.messageText, contextOf(person?.name ?? '', business.name, form.name))
  const at = form.when === 'now' ? format.time(new Date().toISOString()) : form.at.time
  return (
    <section className={style.phoneBlock} aria-label={t.preview}>
      <div className={style.phoneHead}>
        <h2>{t.preview}</h2>
        <label>
          <span className="visually-hidden">{t.previewAs}</span>
          <select value={person?.id ?? 'nobody'} onChange={(event) => setChosen(event.currentTarget.value)}>
            {sample.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name || t.previewNobody}
              </option>
            ))}
            <option value="nobody">{t.previewNobody}</option>
          </select>
        </label>
      </div>
      <div className={style.phone}>
        <div className={style.phoneBar}>
          <span className={style.phoneFace}>{business.name.slice(0, 1)}</span>
          <strong>{props.accountName || business.name}</strong>
        </div>
        <div className={style.screen}>
          <p className={style.phoneTime}>{at}</p>
          {form.messageText.trim() === '' ? (
            <p className={style.phoneEmpty}>…</p>
          ) : (
            <p className={style.phoneBubble}>
              {pieces.map((piece, index) =>
                piece.variable === null ? (
                  piece.text
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
                  <mark key={index} data-fallback={piece.fallback} title={t.variables[piece.variable]}>
                    {piece.text}
                  </mark>
                ),
              )}
            </p>
          )}
        </div>
      </div>
    </section>
  )
}

/** As the server fills it in: the first name is the first word of the name; "#12" stands for nobody's name. */
function contextOf(name: string, business: string, campaign: string): MessageContext {
  const known = name.startsWith('#') ? '' : name.trim()
  return {
    'contact.name': known,
    'contact.firstName': known.split(/\s+/)[0] ?? '',
    'business.name': business,
    'campaign.name': campaign,
  }
}
