/** Global ids ("Campaign:0198…") carry their type; in the address bar the bare one is enough and the API takes both. */
export function bareId(id: string): string {
  return id.slice(id.indexOf(':') + 1)
}
