/** A file of a layer. Marks of removed files (`.wh.name`, `.wh..wh..opq`) are listed like others. */
export interface LayerFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly size: number;
}

interface Node {
  /** The layer that a file's content is in; undefined for a folder. */
  file: { readonly layer: number; readonly size: number } | undefined;
  children: Map<string, Node> | undefined;
}

const removed = '.wh.';
const emptied = '.wh..wh..opq';

/**
 * For each layer, from the bottom: bytes of its files that later layers remove or write anew. They are in the image and
 * nobody sees them.
 */
export function wastedBytes(layers: readonly (readonly LayerFile[])[]): number[] {
  const wasted = layers.map(() => 0);
  const root: Node = { file: undefined, children: undefined };
  const forget = (node: Node): void => {
    const pending = [node];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (next.file) wasted[next.file.layer]! += next.file.size;
      if (next.children) pending.push(...next.children.values());
    }
  };
  for (const [layer, files] of layers.entries()) {
    const parsed = files.map(({ path, size }) => {
      const folders = path.split('/').filter((part) => part !== '' && part !== '.');
      return { name: folders.pop() ?? '', folders, size };
    });
    // Marks speak of the layers below, wherever in the layer they stand.
    for (const { name, folders } of parsed.filter((each) => each.name.startsWith(removed))) {
      const folder = nodeAt(root, folders);
      if (!folder?.children) continue;
      if (name === emptied) {
        for (const node of folder.children.values()) forget(node);
        folder.children = undefined;
      } else {
        const node = folder.children.get(name.slice(removed.length));
        if (node) forget(node);
        folder.children.delete(name.slice(removed.length));
      }
    }
    for (const { name, folders, size } of parsed) {
      if (name === '' || name.startsWith(removed)) continue;
      const children = (madeNode(root, folders).children ??= new Map());
      const before = children.get(name);
      if (before) forget(before);
      children.set(name, { file: { layer, size }, children: undefined });
    }
  }
  return wasted;
}

function nodeAt(root: Node, folders: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const name of folders) node = node?.children?.get(name);
  return node;
}

function madeNode(root: Node, folders: readonly string[]): Node {
  let node = root;
  for (const name of folders) {
    const children: Map<string, Node> = (node.children ??= new Map());
    let child = children.get(name);
    if (!child) children.set(name, (child = { file: undefined, children: undefined }));
    node = child;
  }
  return node;
}
