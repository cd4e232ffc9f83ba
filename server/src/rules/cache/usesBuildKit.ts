import type { Dockerfile } from '../../model/dockerfile.ts';

/** Whether the file can only be meant for BuildKit: by its `# syntax=`, or by what it uses already. */
export function usesBuildKit({ frontend, instructions }: Dockerfile): boolean {
  if (frontend.image !== undefined) return frontend.has(1, 2) === true;
  return instructions.some(
    (each) =>
      each.heredocs.length > 0 ||
      each.flags.some((flag) => ['mount', 'link', 'parents', 'exclude'].includes(flag.name)),
  );
}
