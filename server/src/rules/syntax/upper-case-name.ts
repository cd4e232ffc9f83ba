import { defineRule } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import type { Range } from '../../text/range.ts';
import { replace } from '../../text/edit.ts';
import { stageReferences } from '../../model/stageReferences.ts';

export const upperCaseName = defineRule({
  id: 'upper-case-name',
  practice: 'syntax',
  summary: 'The name of a stage or the protocol of a port is written in upper case.',
  why: 'Docker compares both without regard to case, and shows them in lower case. Written in lower case, the name of a stage stands out from the keywords around it, and reads the same in the file, in `--target` and in the log.',
  severity: 'hint',
  fix: 'safe',
  // The same stages and ports under their names in lower case.
  changes: ['copies', 'run-flags', 'metadata'],
  aliases: ['buildkit/StageNameCasing', 'buildkit/ExposeProtoCasing'],
  examples: [
    {
      before: 'FROM golang:1.26 AS Build\nRUN go build -o /x\nFROM scratch\nCOPY --from=Build /x /x\n',
      after: 'FROM golang:1.26 AS build\nRUN go build -o /x\nFROM scratch\nCOPY --from=build /x /x\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      const word = stage.nameWord;
      // Another stage of the same name is another rule's matter.
      const isOnly = dockerfile.stages.filter((each) => each.name === stage.name).length === 1;
      if (word && !word.split && isOnly && /^[\w.-]+$/.test(word.text) && word.text !== word.text.toLowerCase()) {
        const name = word.text.toLowerCase();
        report({
          range: word.range,
          message: `Names of stages are read in any case and shown in lower case; write ${name}.`,
          fixes: [
            {
              title: `Write ${name}, also where the stage is used`,
              edits: [word.range, ...usesOf(stage)].map((range) => replace(range, name)),
            },
          ],
        });
      }
      for (const port of stage.instructions
        .filter(({ keyword }) => keyword === 'EXPOSE')
        .flatMap(({ words }) => words)) {
        const protocol = /^[\d-]+\/((?:tcp|udp|sctp))$/i.exec(port.text)?.[1];
        if (protocol === undefined || port.split || protocol === protocol.toLowerCase()) continue;
        const range = { start: port.range.end - protocol.length, end: port.range.end };
        report({
          range,
          message: `Protocols of ports are written in lower case: ${protocol.toLowerCase()}.`,
          fixes: [{ title: `Write ${protocol.toLowerCase()}`, edits: [replace(range, protocol.toLowerCase())] }],
        });
      }
    }
  },
});

/** Where the stage is named otherwise than in lower case. */
function usesOf(stage: Stage): readonly Range[] {
  const { dockerfile, name } = stage;
  return dockerfile.stages
    .slice(stage.index + 1)
    .flatMap((each) => {
      const { word } = each.base;
      const parent = each.parent === stage && word && !word.hasVariable && !word.split ? [word.range] : [];
      return [
        ...parent,
        ...stageReferences(each).flatMap((used) => (used.name.toLowerCase() === name ? [used.range] : [])),
      ];
    })
    .filter((range) => dockerfile.slice(range).toLowerCase() === name && dockerfile.slice(range) !== name);
}
