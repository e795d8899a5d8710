/**
 * A process that dies: from `kill` on, its doors to both stores throw, whatever it still tries. Calls it has on the wire
 * run on at the provider, as they do when a real process is killed.
 */
import type { Tenancy } from '@fidelio/db/tenancy.ts'

class ProcessDead extends Error {
  override name = 'ProcessDead'
  constructor() {
    super('this process is dead')
  }
}

export function mortalStores(stores: Tenancy): { stores: Tenancy; kill(): void; isDead(): boolean } {
  let dead = false
  const mortal = <T extends object>(door: T): T =>
    new Proxy(door, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (typeof value !== 'function') return value
        return (...args: unknown[]): unknown => {
          if (dead) return Promise.reject(new ProcessDead())
          return Reflect.apply(value, target, args)
        }
      },
    })
  return {
    stores: {
      forWorker: () => mortal(stores.forWorker()),
      forBusiness: (businessId) => mortal(stores.forBusiness(businessId)),
      forAuth: () => mortal(stores.forAuth()),
    },
    kill: () => {
      dead = true
    },
    isDead: () => dead,
  }
}
