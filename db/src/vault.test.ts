import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createVault, VaultError } from './vault.ts'

const owner = { businessId: '4f9c', rowId: '77aa' }

test('opens what it sealed, and only for the row and business it was sealed for', () => {
  const vault = createVault(randomBytes(32))
  const sealed = vault.seal('geheim é 😀', owner)
  expect(vault.open(sealed, owner)).toBe('geheim é 😀')
  expect(JSON.stringify(sealed)).not.toContain('geheim')
  for (const other of [
    { ...owner, rowId: '77ab' },
    { ...owner, businessId: '4f9d' },
    { ...owner, businessId: null },
  ]) {
    expect(() => vault.open(sealed, other)).toThrow(VaultError)
  }
})

test('a fresh nonce for every value, so equal secrets do not look equal', () => {
  const vault = createVault(randomBytes(32))
  expect(vault.seal('same', owner).data).not.toBe(vault.seal('same', owner).data)
})

test('a changed bit anywhere is refused', () => {
  const vault = createVault(randomBytes(32))
  const sealed = vault.seal('secret', owner)
  const bytes = Buffer.from(sealed.data, 'base64')
  for (const position of bytes.keys()) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(position) ^ 1, position)
    expect(() => vault.open({ ...sealed, data: changed.toString('base64') }, owner)).toThrow(VaultError)
  }
})

test('after a change of master key both old and new values open; without the old key it says which one is missing', () => {
  const [former, current] = [randomBytes(32), randomBytes(32)]
  const old = createVault(former).seal('old', owner)
  const vault = createVault(current, [former])
  expect(vault.open(old, owner)).toBe('old')
  expect(createVault(current).open(vault.seal('new', owner), owner)).toBe('new')
  expect(() => createVault(current).open(old, owner)).toThrow(old.keyId)
})

test('a key of another length is refused at once', () => {
  expect(() => createVault(randomBytes(16))).toThrow(VaultError)
})
