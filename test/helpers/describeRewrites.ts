import assert from 'node:assert/strict';
import { lint } from '../../server/src/lint/lint.ts';
import { BuildContext, contextReaderOf } from '../../server/src/model/context.ts';
import { buildModel } from '../../server/src/model/dockerfile.ts';
import { singleStageBuild } from '../../server/src/rules/stages/single-stage-build.ts';
import { type CaseInput, describeRule, testToday } from './describeRule.ts';

export interface RewriteCases {
  /** The rewrite gives the second text; `title` is a part of what the fix is called. */
  readonly offers: Readonly<Record<string, CaseInput & { readonly gives: string; readonly title: string }>>;
  /** Found, but nothing is offered, for a reason that holds these words. */
  readonly declines: Readonly<Record<string, CaseInput & { readonly reason: string }>>;
}

/** Tests the two-stage rewrite of one ecosystem, as the rule offers it. The image of FROM is marked with `⟦ ⟧`. */
export function describeRewrites(ecosystem: string, { offers, declines }: RewriteCases): void {
  describe(`two-stage rewrite: ${ecosystem}`, () => {
    describeRule(singleStageBuild, {
      reports: declines,
      fixes: Object.fromEntries(
        Object.entries(offers).map(([name, { gives, title, ...input }]) => [name, [input, { text: gives, title }]]),
      ),
    });
    for (const [name, { text, context, reason }] of Object.entries(declines)) {
      it(`tells why: ${name}`, () => {
        const model = buildModel(text.replaceAll(/[⟦⟧]/g, ''), {
          today: testToday,
          context: context && new BuildContext(contextReaderOf(context)),
        });
        const [finding] = lint(model, [singleStageBuild], {
          severities: { [singleStageBuild.id]: 'warning' },
        }).findings;
        assert.ok(finding?.withheld?.includes(reason), finding?.withheld);
      });
    }
  });
}
