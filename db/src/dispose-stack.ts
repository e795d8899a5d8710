/**
 * Things opened one after another and given back in reverse. The standard's `AsyncDisposableStack` does the same, but
 * Node 20 does not have it.
 */
export class DisposeStack implements AsyncDisposable {
  #opened: AsyncDisposable[] = []

  /** Takes charge of `resource` and returns it. */
  use<T extends AsyncDisposable>(resource: T): T {
    this.#opened.push(resource)
    return resource
  }

  /** Hands everything over to a new stack: this one then disposes nothing. */
  move(): DisposeStack {
    const heir = new DisposeStack()
    heir.#opened = this.#opened
    this.#opened = []
    return heir
  }

  /** Disposes all, also when one of them fails; the first failure is thrown at the end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = []
    for (let resource = this.#opened.pop(); resource; resource = this.#opened.pop()) {
      try {
        await resource[Symbol.asyncDispose]()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
