/** A loopback TCP proxy in front of a store, through which the store can be made silent or absent. */
import { connect, createServer, type Server, type Socket } from 'node:net'

/** `pass`: as if it were not there. `silent`: connections stay open, nothing is answered. `absent`: nobody listens. */
export type ProxyMode = 'pass' | 'silent' | 'absent'

export type StoreProxy = AsyncDisposable & {
  port: number
  /** Takes effect at once, on open connections too. */
  become(mode: ProxyMode): Promise<void>
}

export async function startStoreProxy(targetPort: number): Promise<StoreProxy> {
  const pairs = new Set<{ outside: Socket; inside: Socket }>()
  let mode: ProxyMode = 'pass'
  let server = await listenOn(0)
  const { port } = server.address() as { port: number }

  async function listenOn(wanted: number): Promise<Server> {
    const created = createServer((outside) => join(outside))
    await new Promise<void>((resolve, reject) => {
      created.once('error', reject)
      created.listen(wanted, '127.0.0.1', resolve)
    })
    return created
  }

  function join(outside: Socket): void {
    const inside = connect({ host: '127.0.0.1', port: targetPort })
    const pair = { outside, inside }
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      outside.destroy()
      inside.destroy()
    }
    for (const socket of [outside, inside]) {
      socket.setNoDelay(true)
      // A broken connection is what this proxy is for; both ends learn of it by the other one closing.
      socket.on('error', end)
      socket.on('close', end)
    }
    outside.on('data', (bytes) => inside.write(bytes))
    inside.on('data', (bytes) => outside.write(bytes))
    apply(pair)
  }

  /** A paused socket keeps what arrives in the kernel's buffers, as a stopped server would. */
  function apply({ outside, inside }: { outside: Socket; inside: Socket }): void {
    for (const socket of [outside, inside]) {
      if (mode === 'silent') socket.pause()
      else socket.resume()
    }
  }

  async function close(): Promise<void> {
    const closing = new Promise((resolve) => server.close(resolve))
    for (const { outside } of pairs) outside.destroy()
    await closing
  }

  return {
    port,
    async become(next) {
      const before = mode
      mode = next
      if (before === 'absent' && next !== 'absent') server = await listenOn(port)
      if (before !== 'absent' && next === 'absent') await close()
      for (const pair of pairs) apply(pair)
    },
    async [Symbol.asyncDispose]() {
      if (mode !== 'absent') await close()
    },
  }
}
