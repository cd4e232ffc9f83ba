/** A file of a layer. Marks of removed files (`.wh.name`, `.wh..wh..opq`) are listed like others. */
export interface LayerFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly size: number;
}

/** Bytes of a layer that are in the image and that nobody sees, because later layers remove or replace their files. */
export interface LayerWaste {
  readonly bytes: number;
  /** By later layer, the one that wastes most first. */
  readonly by: readonly WastedBy[];
}

export interface WastedBy {
  /** Index of the later layer. */
  readonly layer: number;
  readonly bytes: number;
  /** How many of the bytes are of files that are removed; the others are written anew. */
  readonly removed: number;
  readonly files: number;
  /** A few, the largest first. Names of strangers. */
  readonly largest: readonly LayerFile[];
}

/** So many files are named of each pair of layers. */
const mostNamed = 5;

interface Node {
  /** The layer that a file's content is in; undefined for a folder. */
  file: { readonly layer: number; readonly size: number } | undefined;
  children: Map<string, Node> | undefined;
}

const removed = '.wh.';
const emptied = '.wh..wh..opq';

/** For each layer, from the bottom: what later layers waste of it. */
export function wasteOf(layers: readonly (readonly LayerFile[])[]): LayerWaste[] {
  const tallies = layers.map(() => new Map<number, Tally>());
  const root: Node = { file: undefined, children: undefined };
  const forget = (node: Node, path: string, by: number, isRemoved: boolean): void => {
    const pending: [Node, string][] = [[node, path]];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [{ file, children }, at] = next;
      if (file && file.size > 0) tallyOf(tallies[file.layer]!, by).add({ path: at, size: file.size }, isRemoved);
      for (const [name, child] of children ?? []) pending.push([child, `${at}/${name}`]);
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
      const place = pathOf(folders);
      if (name === emptied) {
        for (const [child, node] of folder.children) forget(node, `${place}/${child}`, layer, true);
        folder.children = undefined;
      } else {
        const gone = name.slice(removed.length);
        const node = folder.children.get(gone);
        if (node) forget(node, `${place}/${gone}`, layer, true);
        folder.children.delete(gone);
      }
    }
    for (const { name, folders, size } of parsed) {
      if (name === '' || name.startsWith(removed)) continue;
      const folder = madeNode(root, folders, (node, path) => forget(node, path, layer, true));
      const children = (folder.children ??= new Map());
      const before = children.get(name);
      if (before) forget(before, `${pathOf(folders)}/${name}`, layer, before.file === undefined);
      children.set(name, { file: { layer, size }, children: undefined });
    }
  }
  return tallies.map((tally) => {
    const by = [...tally].map(([layer, each]): WastedBy => each.of(layer)).sort((a, b) => b.bytes - a.bytes);
    return { bytes: by.reduce((sum, { bytes }) => sum + bytes, 0), by };
  });
}

/** What one layer wastes of another. */
class Tally {
  #bytes = 0;
  #removed = 0;
  #files = 0;
  readonly #largest: LayerFile[] = [];

  add(file: LayerFile, isRemoved: boolean): void {
    this.#bytes += file.size;
    this.#files++;
    if (isRemoved) this.#removed += file.size;
    const smallest = this.#largest.at(-1);
    if (this.#largest.length === mostNamed && smallest!.size >= file.size) return;
    const at = this.#largest.findIndex(({ size }) => size < file.size);
    this.#largest.splice(at < 0 ? this.#largest.length : at, 0, file);
    this.#largest.length = Math.min(this.#largest.length, mostNamed);
  }

  of(layer: number): WastedBy {
    return { layer, bytes: this.#bytes, removed: this.#removed, files: this.#files, largest: this.#largest };
  }
}

function tallyOf(tallies: Map<number, Tally>, layer: number): Tally {
  let tally = tallies.get(layer);
  if (!tally) tallies.set(layer, (tally = new Tally()));
  return tally;
}

function pathOf(folders: readonly string[]): string {
  return folders.map((name) => `/${name}`).join('');
}

function nodeAt(root: Node, folders: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const name of folders) node = node?.children?.get(name);
  return node;
}

/** The folder of that path. A file that is in its place is no longer there. */
function madeNode(root: Node, folders: readonly string[], onGone: (file: Node, path: string) => void): Node {
  let node = root;
  for (const [depth, name] of folders.entries()) {
    const children: Map<string, Node> = (node.children ??= new Map());
    let child = children.get(name);
    if (!child) children.set(name, (child = { file: undefined, children: undefined }));
    if (child.file) {
      onGone({ file: child.file, children: undefined }, pathOf(folders.slice(0, depth + 1)));
      child.file = undefined;
    }
    node = child;
  }
  return node;
}
