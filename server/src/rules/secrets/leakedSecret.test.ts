import assert from 'node:assert/strict';
import { buildModel } from '../../model/dockerfile.ts';
import { applyEdits } from '../../text/edit.ts';
import { leakedSecretFix } from './secretMount.ts';

/** The text with the rewrite for a secret in these files, found in the layer of the last instruction with that keyword. */
function rewritten(text: string, files: readonly string[] = ['/root/.npmrc'], keyword = 'RUN') {
  const dockerfile = buildModel(text);
  const instruction = dockerfile.instructions.findLast((each) => each.keyword === keyword)!;
  const found = leakedSecretFix(instruction, dockerfile.stageOf(instruction)!, files);
  return found && { title: found.fix.title, text: applyEdits(text, found.fix.edits) };
}

describe('the rewrite of a secret that a scan has found', () => {
  const syntax = '# syntax=docker/dockerfile:1\n';

  it('mounts it, and removes the file it was written to', () => {
    const written = 'echo "//r/:_authToken=$NPM_TOKEN" > /root/.npmrc && npm ci';
    assert.deepEqual(rewritten(`${syntax}FROM node\nARG NPM_TOKEN\nRUN ${written}\nCMD x\n`), {
      title:
        'Use a secret mount and remove /root/.npmrc in the same RUN; build with --secret id=npm-token,env=NPM_TOKEN from then on',
      text: `${syntax}FROM node\nRUN --mount=type=secret,id=npm-token,env=NPM_TOKEN ${written} && rm -f /root/.npmrc\nCMD x\n`,
    });
  });

  it('also in scripts of several lines and in heredocs', () => {
    assert.equal(
      rewritten('FROM a\nARG TOKEN\nRUN use $TOKEN > /t \\\n  && make\n', ['/t'])?.text,
      'FROM a\nRUN --mount=type=secret,id=token export TOKEN="$(cat /run/secrets/token)" && use $TOKEN > /t \\\n  && make && rm -f /t\n',
    );
    assert.equal(
      rewritten('FROM a\nARG TOKEN\nRUN <<EOF\nuse $TOKEN\nEOF\n', ['/t', '/u'])?.text,
      'FROM a\nRUN --mount=type=secret,id=token <<EOF\nexport TOKEN="$(cat /run/secrets/token)"\nuse $TOKEN\nrm -f /t /u\nEOF\n',
    );
  });

  it('takes the argument that is named like a secret, or the only one', () => {
    const both = 'FROM a\nARG MIRROR\nARG TOKEN\nRUN use $MIRROR $TOKEN\n';
    assert.match(rewritten(both)?.text ?? '', /^FROM a\nARG MIRROR\nRUN /);
    assert.match(rewritten('FROM a\nARG NPM_CONF\nRUN use $NPM_CONF\n')?.title ?? '', /id=npm-conf,/);
    assert.equal(rewritten('FROM a\nARG A\nARG B\nRUN use $A $B\n'), undefined);
    assert.equal(rewritten('FROM a\nARG TOKEN\nRUN make\n'), undefined);
  });

  it('is the rule’s own at ARG', () => {
    assert.match(
      rewritten('FROM a\nARG TOKEN\nRUN use $TOKEN\n', [], 'ARG')?.title ?? '',
      /^Use a secret mount; build/,
    );
  });

  it('is not there where names or ends are not plain', () => {
    const run = (script: string, ...files: string[]) => rewritten(`FROM a\nARG TOKEN\nRUN ${script}\n`, files);
    assert.ok(run('use $TOKEN', '/a/b.c'));
    for (const file of ['/a b', '/a;reboot', 'relative', '/a/../../b', '/$(x)', '/']) {
      assert.equal(run('use $TOKEN', file), undefined, file);
    }
    for (const script of ['use $TOKEN &', 'use $TOKEN;', 'use $TOKEN # why', '["use", "$TOKEN"]']) {
      assert.equal(run(script, '/a'), undefined, script);
    }
  });

  it('removes no file where only the history has the secret', () => {
    assert.match(rewritten('FROM a\nARG TOKEN\nRUN use $TOKEN\n', [])?.text ?? '', /&& use \$TOKEN\n$/);
  });
});
