import { describe, expect, it } from 'vitest'
import { createFormat } from '../src/i18n/format.ts'
import { describeRow, isByDay } from '../src/ui/rows/describe.ts'
import { rowsText } from '../src/ui/rows/text.ts'

const en = createFormat('en', 'Europe/Paris', 'EUR')
const fr = createFormat('fr', 'Europe/Paris', 'EUR')

describe('rows in words', () => {
  it.each([
    ['active_days', '5', ['Active on 5 days', ''], ['Actif 5 jours', '']],
    ['first_response', '1', ['First wait', ''], ['Première attente', '']],
    ['next_response', '3', ['Later wait', '3 messages in a row'], ['Attente suivante', '3 messages d’affilée']],
    ['came_back', '2026-10-05', ['Came back', 'first wrote on 5 Oct'], ['Revenu', 'premier message le 5 oct.']],
    ['returned', '2026-10-05+3', ['Came back', 'group of 5 Oct, column 3'], ['Revenu', 'groupe du 5 oct., colonne 3']],
    ['no_opt_in', 'excluded', ['No permission', 'Not sent'], ['Pas de consentement', 'Non envoyé']],
    [
      'reachable',
      'sandbox · offers',
      ['Agreed to offers', 'sandbox · offers'],
      ['A accepté les offres', 'sandbox · offers'],
    ],
    ['accepted', 'accepted', ['Sent', ''], ['Envoyé', '']],
    ['a_new_word', '', ['a_new_word', ''], ['a_new_word', '']],
  ])('%s %s', (label, detail, english, french) => {
    expect(describeRow({ label, detail }, rowsText.en, en)).toEqual(english)
    expect(describeRow({ label, detail }, rowsText.fr, fr)).toEqual(french)
  })

  it('knows which rows have a day but no hour', () => {
    expect(isByDay({ label: 'active_days' })).toBe(true)
    expect(isByDay({ label: 'first_response' })).toBe(false)
  })
})
