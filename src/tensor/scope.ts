/**
 * Scopes: what is made inside one ends with it, unless it was kept or handed out. They nest, and a
 * scope may stay open across awaits (a turn of a loader's loop does), so they are a list, not calls.
 */

/** Something whose memory a scope can end. */
export interface Owned {
  scope: Scope | null
  end(): void
  /** Called when no scope owns it any more: from now on it lives as long as it is reachable. */
  unowned(): void
}

export class Scope {
  readonly owned = new Set<Owned>()

  /** Passes things of this scope on to the one around it. */
  leave(things: readonly Owned[]): void {
    const around = open[open.lastIndexOf(this) - 1] ?? null
    for (const thing of things) if (thing.scope === this) adopt(thing, around)
  }

  /** Ends the scope and all that it owns. Ending it twice does no harm. */
  close(): void {
    const at = open.lastIndexOf(this)
    if (at < 0) return
    open.splice(at, 1)
    for (const thing of this.owned) {
      thing.scope = null
      thing.end()
    }
    this.owned.clear()
  }
}

const open: Scope[] = []

/** Opens a scope; what is made until its `close()` belongs to it. Prefer `scope(fn)` where it fits. */
export function openScope(): Scope {
  const scope = new Scope()
  open.push(scope)
  return scope
}

/** Puts a thing under the innermost open scope, or under none. */
export function adopt(thing: Owned, scope: Scope | null = open.at(-1) ?? null): void {
  thing.scope?.owned.delete(thing)
  thing.scope = scope
  if (scope) scope.owned.add(thing)
  else thing.unowned()
}
