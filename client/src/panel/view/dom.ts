/**
 * Builds the page out of elements and text nodes. Nothing in this folder ever parses a string as HTML: most of what
 * the panel shows was written by strangers.
 */

export type Child = Node | string | undefined | false;

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with its attributes (`false` and `undefined` leave one out) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  setAttributes(element, attributes);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

export function button(label: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = h('button', { type: 'button', ...attributes }, label);
  element.addEventListener('click', onClick);
  return element;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** A decorative 16 by 16 picture drawn with one path in the colour of the text around it. */
export function icon(path: string, className: string): SVGSVGElement {
  const svg = document.createElementNS(svgNamespace, 'svg');
  setAttributes(svg, { viewBox: '0 0 16 16', class: className, 'aria-hidden': 'true' });
  const shape = document.createElementNS(svgNamespace, 'path');
  setAttributes(shape, { d: path, 'fill-rule': 'evenodd' });
  svg.append(shape);
  return svg;
}
