import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuTime } from '../../../test/helpers/cpuTime.ts';
import { trivyReports } from '../../../test/helpers/trivyFixtures.ts';
import { attribute, changeFirst } from '../attribution/index.ts';
import { buildModel } from '../model/dockerfile.ts';
import { ConfigPlaces } from './configPlace.ts';
import { readReport } from './readReport.ts';

/** What the recorded images were built from, with the values that their reports have now. */
const dockerfile = `FROM busybox:local
ARG TOKEN
ENV MODE=production \\
    AWS_ACCESS_KEY_ID=AWSxxxxxxxxxxxxxxxxx
LABEL ci.token=LABELxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
RUN echo "$TOKEN" | wc -c > /length
RUN echo "fetched with FETCHEDxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx & <none>" > /etc/fetched
COPY id_rsa /root/.ssh/id_rsa
RUN rm /root/.ssh/id_rsa
USER 1000
CMD ["sh"]
`;

describe('what stands in the configuration of an image', () => {
  for (const builder of ['legacy', 'buildkit', 'podman']) {
    it(`belongs to the line that left it there (${builder})`, () => {
      const text = readFileSync(join(trivyReports, `config-secrets-${builder}.json`), 'utf8');
      const { report } = readReport(text);
      assert.ok(report);
      const { findings } = attribute(
        report,
        buildModel(dockerfile, { buildArgs: { TOKEN: `TOKEN${'x'.repeat(35)}` } }),
      );
      const told = report.findings.map(({ id, path, kind }, index) => {
        const { instructions, confidence } = findings[index]!;
        const lines = instructions.map((each) => each.lines.join('–')).join();
        return `${kind === 'secret' ? (path ?? id) : id} ${lines}${['matched', 'likely'].includes(confidence) ? '' : ` ${confidence}`}`;
      });
      assert.deepEqual(told, [
        'DS-0026  unknown',
        ...(builder === 'buildkit' ? [] : ['DS-0031 3–4']),
        'DS-0031 2–2',
        '/etc/fetched 7–7',
        '/root/.ssh/id_rsa 8–8',
        // The variable, and the history of it.
        ...['aws-access-key-id 3–4', 'aws-access-key-id 3–4'],
        ...['github-pat 5–5', 'github-pat 5–5'],
        // The build argument, which the history tells with each RUN.
        ...['github-pat 6–6', 'github-pat 7–7', 'github-pat 9–9'],
        'github-pat 7–7',
      ]);
      assert.ok(!JSON.stringify(report.findings).includes('***'));
    });
  }

  it('is changed first, in the way that fits its instruction', () => {
    const { report } = readReport(readFileSync(join(trivyReports, 'config-secrets-buildkit.json'), 'utf8'));
    assert.ok(report);
    const built = buildModel(dockerfile);
    const changes = changeFirst(attribute(report, built), report, built, '2026-01-01');
    const detailOf = (line: string) => changes.find(({ title }) => title.endsWith(line))?.detail ?? '';
    assert.match(
      detailOf('lines 3–4'),
      /^2 secrets in the image's configuration or history.*Give them to the container/,
    );
    assert.match(detailOf('line 5'), /configuration or history.*Labels are for everyone to read/);
    assert.match(detailOf('line 6'), /^1 secret in the image's configuration or history.*--mount=type=secret/);
    assert.match(detailOf('line 8'), /^1 secret in the layer of this COPY.*\.dockerignore/);
  });

  const history = ['ENV A=1', 'RUN |1 A=xyz /bin/sh -c echo "<abcd>"', 'ENV B="x" A=2 C=3', 'LABEL a.b=xyz'].map(
    (createdBy) => ({ createdBy, emptyLayer: false }),
  );
  const places = new ConfigPlaces({ history, config: { env: ['A=2', 'HOSTED=elsewhere'] } });

  it('takes the last instruction that sets a variable', () => {
    assert.equal(places.ofSecret('"A=****"'), 2);
    assert.equal(places.ofSecret('"HOSTED=****"'), undefined);
  });

  it('reads the escapes of the configuration', () => {
    assert.equal(places.ofSecret('echo \\"\\u003c****\\u003e\\"'), 1);
  });

  it('says nothing of what it does not find', () => {
    for (const match of ['', '****', '  "****",', '"x.y": "****"', 'no stars', `"${'*'.repeat(20_000)}`]) {
      assert.equal(places.ofSecret(match), undefined, match.slice(0, 50));
    }
    assert.equal(places.ofSecret('"a.b": "***"'), 3);
  });

  it('finds an instruction that was written anew', () => {
    const find = (text: string) => places.ofInstruction(text);
    assert.equal(find('ENV A="1"'), 0);
    assert.equal(find('RUN echo "<abcd>"'), 1);
    assert.equal(find('USER root'), undefined);
    assert.equal(find(''), undefined);
  });

  it('is not kept busy by a report made for that', () => {
    const createdBy = 'a'.repeat(20_000);
    const many = new ConfigPlaces({
      history: Array.from({ length: 1000 }, () => ({ createdBy, emptyLayer: true })),
      config: { env: [] },
    });
    const spent = cpuTime(() => {
      for (let index = 0; index < 1000; index++) {
        assert.equal(many.ofSecret(`${'a'.repeat(9000 + (index % 900))}***b`), undefined);
        assert.equal(many.ofInstruction(`RUN ${'a'.repeat(5000)}${index}`), undefined);
      }
    });
    assert.ok(spent < 5000, `${spent} ms`);
  });
});
