export type Member = readonly [name: string, content: string | Buffer, link?: string];

/** A tar archive (ustar) of files, and of links where a target is given. */
export function tar(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(([name, content, link]) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write(link === undefined ? '0' : '2', 156);
    header.write(link ?? '', 157);
    header.write('ustar\0', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** What `docker save` writes of an image with these layers, each a list of files. */
export function savedImage(
  diffIds: readonly string[],
  layers: readonly (readonly Member[])[],
  createdBy: readonly string[] = [],
): Buffer {
  const names = layers.map((_, index) => `${index}/layer.tar`);
  const history = layers.map((_, index) => ({ created_by: createdBy[index] ?? `layer ${index}` }));
  return tar([
    ...layers.map((files, index): Member => [names[index]!, tar(files)]),
    ['config.json', JSON.stringify({ rootfs: { diff_ids: diffIds }, history })],
    ['manifest.json', JSON.stringify([{ Config: 'config.json', RepoTags: ['x:1'], Layers: names }])],
  ]);
}
