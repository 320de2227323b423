/** The address: which scene or chapter, and its state. A lesson is a link. */

export interface Route {
  /** 'tape', 'chapter/2', or '' for the first page. */
  readonly path: string
  readonly params: URLSearchParams
}

/** Of an address such as  #/tape?e=x*y&at=3 */
export function routeOf(hash: string): Route {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?')
  return { path, params: new URLSearchParams(query) }
}

/** The address of a scene or chapter with this state. */
export function hashOf(path: string, params = new URLSearchParams()): string {
  const query = params.toString()
  return `#/${path}${query ? `?${query}` : ''}`
}

/** Replaces the address without a new entry in the history; null takes a value out. */
export function remember(values: Readonly<Record<string, string | number | null>>): void {
  const { path, params } = routeOf(location.hash)
  for (const [name, value] of Object.entries(values)) {
    if (value === null) params.delete(name)
    else params.set(name, String(value))
  }
  history.replaceState(null, '', hashOf(path, params))
}
