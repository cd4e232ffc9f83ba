import type { Tables } from '../generate-facts.ts';
import type { Tools } from './source.ts';
import { compare } from './tagTable.ts';

/** Which commands are in which image, and which package brings a command. */
export function toolTables(tools: Tools): Tables {
  return {
    trackedCommands: tools.commands.join(' '),
    profiles: profileTable(tools),
    profileRules: Object.fromEntries(
      Object.entries(tools.tagToProfile).map(([image, rules]) => [
        image,
        rules.map((rule) => rule.join(' ')).join('\n'),
      ]),
    ),
    withoutAdduser: {
      suites: tools.lacksOnSuite.suites.join(' '),
      commands: tools.lacksOnSuite.commands.join(' '),
      profiles: tools.lacksOnSuite.profiles.join(' '),
    },
    baseCommands: Object.fromEntries(
      Object.entries(tools.baseCommandLists).map(([base, commands]) => [base, commands.join(' ')]),
    ),
    debBrings: Object.fromEntries(
      Object.entries(tools.aptBrings)
        .filter(([, { brings }]) => brings.length > 0)
        .map(([name, { brings }]) => [name, brings.join(' ')]),
    ),
    debCommands: packageTable(tools.pkgCommands.deb),
    apkCommands: packageTable(tools.pkgCommands.apk),
    commandPackages: Object.fromEntries(
      Object.entries(tools.commandToPackage)
        .sort(([a], [b]) => compare(a, b))
        .map(([command, { deb, apk, rpm }]) => [command, [deb, apk, rpm].map((name) => name ?? '').join('|')]),
    ),
  };
}

/**
 * `bits|more|low`: bit i of the hexadecimal number (first digit first, highest bit first) says whether tracked command i is there; `more`
 * are commands that are not tracked; `low` marks a profile that was not verified.
 */
function profileTable({ profiles, commands }: Tools): Record<string, string> {
  const table: Record<string, string> = {};
  for (const name of Object.keys(profiles).sort(compare)) {
    const { has, alsoHas = [], conf } = profiles[name]!;
    const present = new Set(has);
    let digits = '';
    for (let at = 0; at < commands.length; at += 4) {
      const bits = [0, 1, 2, 3].map((bit) => (present.has(commands[at + bit] ?? '') ? 8 >> bit : 0));
      digits += bits.reduce((sum, bit) => sum + bit, 0).toString(16);
    }
    table[name] = `${digits}|${alsoHas.join(' ')}|${conf === 'low' ? 'low' : ''}`;
  }
  return table;
}

function packageTable(packages: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const filled = Object.entries(packages).filter(([, commands]) => commands.length > 0);
  return Object.fromEntries(
    filled.sort(([a], [b]) => compare(a, b)).map(([name, commands]) => [name, commands.join(' ')]),
  );
}
