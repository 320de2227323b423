/** Elements in one line each. */

/** A listener as `onclick`, a property as `checked`, anything else an attribute; false leaves it out. */
type Attributes = Readonly<Record<string, unknown>>

/** What an element holds: elements and texts, in lists of any depth; null and false are nothing. */
export type Child = Node | string | number | null | undefined | false | readonly Child[]

/** An HTML element:  h('button', { onclick: walk }, 'Next'). */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(name), attributes, children)
}

/** An SVG element, in the same way. */
export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children)
}

function filled<E extends Element>(
  element: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener)
    else if (isProperty(element, name)) Object.assign(element, { [name]: value })
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...nodes(children))
  return element
}

/** Properties that are not what the attribute of the same name is: the state of a control. */
function isProperty(element: Element, name: string): boolean {
  return ['value', 'checked', 'disabled', 'textContent'].includes(name) && name in element
}

function nodes(children: readonly Child[]): (Node | string)[] {
  return children.flatMap(child => {
    if (child === null || child === undefined || child === false) return []
    if (Array.isArray(child)) return nodes(child)
    return [child instanceof Node ? child : String(child)]
  })
}

/** Puts these in the place of all that the element holds. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...nodes(children))
}
