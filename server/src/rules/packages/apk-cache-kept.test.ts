import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { apkCacheKept } from './apk-cache-kept.ts';

const from = 'FROM alpine:3.22\n';

describeRule(apkCacheKept, {
  accepts: {
    'without network': `${from}RUN --network=none apk add curl`,
    'has it': `${from}RUN apk add --no-cache curl`,
    'has it in front': `${from}RUN apk --no-cache add curl`,
    'removed in the same RUN': `${from}RUN apk add --update curl && rm -rf /var/cache/apk/*`,
    'a cache mount': `${from}RUN --mount=type=cache,target=/var/cache/apk apk add curl`,
    'a linked cache': `${from}RUN --mount=type=cache,target=/etc/apk/cache apk add curl`,
    'a link to the cache': `${from}RUN ln -s /var/cache/apk /etc/apk/cache && apk add curl`,
    'another root': `${from}RUN apk add --root /out --initdb busybox`,
    'a stage that does not ship': `${from}RUN apk add gcc\nFROM alpine:3.22\nCOPY --from=0 /x /x`,
    'options in a variable': `${from}ARG APK_OPTIONS\nRUN apk add $APK_OPTIONS curl`,
    'known options': `${from}ENV APK="--no-cache -q"\nRUN apk add $APK curl`,
    'update without add is for others to judge': `${from}RUN apk update`,
    'update serves a later add': `${from}RUN apk update && apk add --no-cache curl\nRUN --mount=type=cache,target=/var/cache/apk apk add git`,
    'a word, not a command': `${from}RUN echo apk add curl`,
  },
  fixes: {
    plain: [`${from}RUN apk ⟦add⟧ curl`, { text: `${from}RUN apk add --no-cache curl`, safety: 'safe' }],
    'with update': [`${from}RUN apk update && apk ⟦add⟧ curl`, `${from}RUN apk add --no-cache curl`],
    'with update over lines': [
      `${from}RUN apk update \\\n  && apk ⟦add⟧ \\\n    # for probes\n    curl \\\n  && x\n`,
      `${from}RUN apk add --no-cache \\\n    # for probes\n    curl \\\n  && x\n`,
    ],
    'upgrade still needs the index': [
      `${from}RUN apk update && apk upgrade && apk ⟦add⟧ curl`,
      `${from}RUN apk update && apk upgrade && apk add --no-cache curl`,
    ],
    '-U becomes useless': [`${from}RUN apk ⟦add⟧ -U curl git`, `${from}RUN apk add --no-cache curl git`],
    '--update behind others': [`${from}RUN apk ⟦add⟧ -q --update curl`, `${from}RUN apk add --no-cache -q curl`],
    '--update in front': [`${from}RUN apk --update ⟦add⟧ curl`, `${from}RUN apk add --no-cache curl`],
    '--update on its own line stays': [
      `${from}RUN apk ⟦add⟧ \\\n  --update \\\n  curl`,
      `${from}RUN apk add --no-cache \\\n  --update \\\n  curl`,
    ],
    twice: [
      `${from}RUN apk update && apk ⟦add⟧ a && apk ⟦add⟧ --virtual .b b && x && apk del .b`,
      `${from}RUN apk add --no-cache a && apk add --no-cache --virtual .b b && x && apk del .b`,
    ],
    'update beside --no-cache': [
      `${from}RUN apk ⟦update⟧ && apk add --no-cache curl`,
      `${from}RUN apk add --no-cache curl`,
    ],
    'an unknown package list': [
      `${from}ARG PACKAGES\nRUN apk ⟦add⟧ $PACKAGES`,
      `${from}ARG PACKAGES\nRUN apk add --no-cache $PACKAGES`,
    ],
    'in a heredoc': [
      `${from}RUN <<EOF\napk update\napk ⟦add⟧ curl\nEOF\n`,
      `${from}RUN <<EOF\napk add --no-cache curl\nEOF\n`,
    ],
    'in place of another option': [
      `${from}RUN apk ⟦add⟧ --update curl`,
      { text: `${from}RUN apk add --no-cache curl`, title: 'Write --no-cache for --update' },
    ],
    guarded: [
      `${from}RUN apk ⟦add⟧ curl || apk ⟦add⟧ wget`,
      `${from}RUN apk add --no-cache curl || apk add --no-cache wget`,
    ],
    'lower case': ['from alpine:3.22\nrun apk ⟦add⟧ curl', 'from alpine:3.22\nrun apk add --no-cache curl'],
  },
  reports: {
    'a quote that never ends': `${from}RUN apk ⟦add⟧ curl "`,
  },
});
