/** Compiled `.dockerignore`. */
export interface IgnoreRules {
  /** @param path relative to the root of the context, with `/` */
  ignores(path: string): boolean;
  /** Whether any line starts with `!`. */
  readonly hasNegations: boolean;
}

interface Pattern {
  readonly expression: RegExp;
  readonly negated: boolean;
}

/**
 * Reads a `.dockerignore` by Docker's rules, which are not those of `.gitignore`: every pattern is anchored at the root,
 * `*` does not cross a slash, `**` does, the last matching line wins, and a match of a folder holds for what is in it.
 */
export function compileIgnore(text: string): IgnoreRules {
  const patterns: Pattern[] = [];
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    let pattern = line.trim();
    const negated = pattern.startsWith('!');
    if (negated) pattern = pattern.slice(1).trim();
    pattern = cleanPattern(pattern);
    if (pattern === '') continue;
    const expression = patternExpression(pattern);
    if (expression) patterns.push({ expression, negated });
  }
  return {
    hasNegations: patterns.some((pattern) => pattern.negated),
    ignores(path) {
      let ignored = false;
      for (const { expression, negated } of patterns) {
        if (negated === ignored && matchesWithParents(expression, path)) ignored = !negated;
      }
      return ignored;
    },
  };
}

function matchesWithParents(expression: RegExp, path: string): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (expression.test(path.slice(0, end))) return true;
  }
  return false;
}

function cleanPattern(pattern: string): string {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0) parts.pop();
    else if (part !== '..') parts.push(part);
  }
  return parts.join('/');
}

function patternExpression(pattern: string): RegExp | undefined {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (character === '*') {
      if (pattern[i + 1] !== '*') {
        source += '[^/]*';
        continue;
      }
      while (pattern[i + 1] === '*') i++;
      if (pattern[i + 1] === '/') {
        i++;
        source += '(?:.*/)?';
      } else source += '.*';
    } else if (character === '?') source += '[^/]';
    else if (character === '\\' && i + 1 < pattern.length) source += escapeLiteral(pattern[++i]!);
    else if (character === '[') {
      const close = pattern.indexOf(']', i + 2);
      if (close < 0) return undefined;
      source += pattern.slice(i, close + 1).replaceAll('\\', '\\\\');
      i = close;
    } else source += escapeLiteral(character);
  }
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    return undefined;
  }
}

function escapeLiteral(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\]/, '\\$&');
}
