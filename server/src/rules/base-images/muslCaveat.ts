import type { Stage } from '../../model/stage.ts';
import { listed } from './words.ts';

/** What in this stage usually does not run on musl, as the end of a title: the programs are built for glibc. */
export function muslCaveat(stage: Stage): string {
  const runs = stage.dockerfile.stages.filter((each) => each.chain.includes(stage)).flatMap((each) => each.runs);
  const managers = new Set(runs.flatMap((run) => run.installs).map((use) => use.manager));
  const has = (...names: readonly string[]): boolean => [...managers].some((manager) => names.includes(manager));
  const found = [
    ...(has('npm', 'yarn', 'pnpm') ? ['native npm modules'] : []),
    ...(has('pip', 'uv', 'poetry', 'pipenv') ? ['manylinux wheels'] : []),
    ...(has('bundler', 'gem') ? ['precompiled gems'] : []),
    ...(runs.some((run) => run.commands.some(isBinaryDownload(run.scriptText))) ? ['downloaded glibc binaries'] : []),
  ];
  return found.length > 0 ? `musl: ${listed(found)} may not run` : 'musl, so native modules may not run';
}

/** `curl …-linux-x64.tar.gz`; names with musl or static in them are made for it. */
function isBinaryDownload(script: string): (command: { readonly name: string }) => boolean {
  const isBinary =
    /https?:\/\/\S*(?:linux|x86_64|amd64|x64|aarch64|arm64)/i.test(script) &&
    !/https?:\/\/\S*(?:musl|static|alpine)/i.test(script);
  return ({ name }) => isBinary && ['curl', 'wget'].includes(name);
}
