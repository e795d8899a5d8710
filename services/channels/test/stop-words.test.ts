/** STOP words are whole messages: near misses must stay ordinary messages. */
import { expect, test } from 'vitest'
import { isStopText } from '../src/stop-words.ts'

test.each([
  'stop',
  'STOP',
  ' Stop. ',
  'arrêt',
  'Arret',
  'ARRÊTER',
  'unsubscribe',
  'Désabonner',
  'me désabonner!',
  'désinscription',
  'baja',
  'abmelden',
  'STOP ALL',
  'opt-out',
  'Cancelar suscripción',
  'hủy đăng ký',
  'СТОП',
  '退订',
  '停止',
  'إلغاء الاشتراك',
  'ｓｔｏｐ',
])('%s ends the offers', (text) => {
  expect(isStopText(text)).toBe(true)
})

test.each([
  '',
  ' ',
  'no',
  'end',
  'cancel',
  'quit',
  'non',
  'stop by tomorrow?',
  'bus stop',
  'Please stop',
  "don't stop",
  'annuler',
  'fin',
  '!!!',
  `stop${' '.repeat(60)}`,
])('%j is a message', (text) => {
  expect(isStopText(text)).toBe(false)
})
