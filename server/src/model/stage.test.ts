import assert from 'node:assert/strict';
import { buildModel, type Dockerfile } from './dockerfile.ts';

const model = (text: string, buildArgs: Record<string, string> = {}): Dockerfile => buildModel(text, { buildArgs });

describe('stages', () => {
  it('follow names regardless of case, and only upwards', () => {
    const { stages } = model(
      'FROM a AS One\nFROM one AS two\nFROM three AS x\nFROM b AS three\nCOPY --from=0 /x /\nCOPY --from=TWO /x /',
    );
    assert.equal(stages[1]!.parent, stages[0]);
    assert.equal(stages[2]!.parent, undefined);
    assert.deepEqual(stages[3]!.dependsOn, [stages[0], stages[1]]);
  });

  it('have no cycles', () => {
    const { stages, shippedStages } = model('FROM b AS a\nFROM a AS b\nFROM b AS a');
    assert.equal(stages[0]!.parent, undefined);
    assert.equal(shippedStages.length, 3);
  });

  it('ship what the final one is built from', () => {
    const { stages } = model('FROM a AS base\nFROM a AS build\nFROM base\nCOPY --from=build /x /');
    assert.deepEqual(
      stages.map((stage) => [stage.isShipped, stage.isReachable]),
      [
        [true, true],
        [false, true],
        [true, true],
      ],
    );
  });

  it('resolve arguments in FROM', () => {
    const text = 'ARG V=24\nARG IMAGE=node:${V}\nFROM ${IMAGE}-slim\nFROM $UNKNOWN';
    assert.equal(model(text).stages[0]!.base.name, 'node:24-slim');
    assert.equal(model(text, { V: '22' }).stages[0]!.base.name, 'node:22-slim');
    assert.equal(model(text).stages[1]!.base.isExternal, false);
  });
});

describe('user', () => {
  const user = (text: string) => {
    const { user: name, isRoot } = model(text).finalStage!.effectiveUserAt('end');
    return [name, isRoot];
  };
  const cases: Readonly<Record<string, readonly [string, readonly unknown[]]>> = {
    'of the last USER': ['FROM debian:13\nUSER a\nUSER b:c', ['b', false]],
    'root by number': ['FROM debian:13\nUSER 0:0', ['0', true]],
    'inherited from a stage': ['FROM debian:13 AS a\nUSER x\nFROM a', ['x', false]],
    'of a known base': ['FROM debian:13', ['root', true]],
    'not known': ['FROM registry.example.com/a', [undefined, 'unknown']],
    'from ARG and ENV': ['FROM debian:13\nARG U=app\nENV W=$U\nUSER $W', ['app', false]],
    'from an ARG without value': ['FROM debian:13\nARG U\nUSER $U', [undefined, 'unknown']],
    'not from an ARG of another stage': ['FROM debian:13 AS a\nARG U=app\nFROM scratch\nUSER ${U:-x}', ['x', false]],
    'from an ARG of the stage it is built on': ['FROM scratch AS a\nARG U=app\nFROM a\nUSER $U', ['app', false]],
    'from a global ARG that is taken over': ['ARG U=app\nFROM scratch\nARG U\nUSER $U', ['app', false]],
  };
  for (const [name, [text, expected]] of Object.entries(cases)) it(name, () => assert.deepEqual(user(text), expected));
});

describe('working directory and shell', () => {
  it('follow WORKDIR, relative to what was', () => {
    const stage = model('FROM scratch AS a\nWORKDIR /x\nFROM a\nENV D=sub\nWORKDIR $D\nWORKDIR ../y/').finalStage!;
    assert.equal(stage.workdirAt('end'), '/x/y');
    assert.equal(stage.workdirAt(stage.instructions[2]!), '/x/sub');
  });

  it('are not known below a base that is not', () => {
    assert.equal(model('FROM registry.example.com/a\nWORKDIR b').finalStage!.workdirAt('end'), undefined);
  });

  it('follow SHELL', () => {
    const text = 'FROM debian:13\nRUN a\nSHELL ["/bin/bash", "-euo", "pipefail", "-c"]\nRUN b';
    const [before, after] = model(text).runs;
    assert.deepEqual([before!.shell.dialect, before!.shell.pipefail], ['posix', false]);
    assert.deepEqual([after!.shell.dialect, after!.shell.pipefail, after!.shell.errexit], ['bash', true, true]);
  });

  it('leave Windows commands alone', () => {
    assert.deepEqual(
      model('# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN dir && apt-get install x').runs[0]!
        .commands,
      [],
    );
  });
});

describe('runs', () => {
  it('tell what a heredoc is for', () => {
    const forms = model(
      'FROM debian:13\nRUN a\nRUN ["a"]\nRUN <<EOF\na\nEOF\nRUN <<EOF bash\na\nEOF\nRUN <<EOF\n#!/usr/bin/env python3\na\nEOF\nRUN cat <<EOF > /x\na\nEOF',
    ).runs.map((run) => run.form);
    assert.deepEqual(forms, ['shell', 'exec', 'heredoc', 'heredoc', 'foreign', 'foreign']);
  });

  it('name what is installed', () => {
    const [run] = model(
      'FROM debian:13\nRUN apt-get -q update && apt-get install -y -t sid "curl=8.*" git && python3 -m pip install -r r.txt flask==3',
    ).runs;
    assert.deepEqual(
      run!.packageUses.map((use) => [
        use.manager,
        use.action,
        use.packages.map((each) => [each.name, each.version]),
        use.fromManifest,
      ]),
      [
        ['apt', 'update-lists', [], false],
        [
          'apt',
          'install',
          [
            ['curl', '8.*'],
            ['git', undefined],
          ],
          false,
        ],
        ['pip', 'install', [['flask', '3']], true],
      ],
    );
  });
});

describe('triggerRuns', () => {
  const { stages } = buildModel(
    'FROM debian:13\nRUN a\nONBUILD RUN b && c\nONBUILD USER app\nRUN d\nONBUILD RUN ["e"]\n',
  );
  const [stage] = stages;
  const names = (runs: readonly { readonly commands: readonly { readonly name: string }[] }[]): string[] =>
    runs.flatMap((run) => run.commands.map((command) => command.name));

  it('are the RUNs inside ONBUILD, which are none of the stage’s own', () => {
    assert.deepEqual(names(stage!.triggerRuns), ['b', 'c', 'e']);
    assert.deepEqual(names(stage!.runs), ['a', 'd']);
    assert.deepEqual(names(stage!.allRuns), ['a', 'b', 'c', 'd', 'e']);
  });

  it('are found by the name of a command', () => {
    const model = buildModel('FROM debian:13\nONBUILD RUN apt-get update\n');
    assert.equal(model.commands('apt-get').length, 1);
    assert.equal(model.stages[0]!.commands('apt-get').length, 0);
  });
});
