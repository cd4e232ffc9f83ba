import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { curlWithoutFail } from './curl-without-fail.ts';

const url = 'https://example.org/x.tar.gz';

describeRule(curlWithoutFail, {
  accepts: {
    'in a cluster': `RUN curl -fsSL ${url} -o x`,
    'beside a progress bar': `RUN curl -#fL ${url} -o x`,
    long: `RUN curl --fail -o x ${url}`,
    'with body': `RUN curl --fail-with-body -o x ${url}`,
    'status wanted': `RUN curl -s -w '%{http_code}' ${url}`,
    head: `RUN curl -I ${url}`,
    POST: `RUN curl -X POST ${url}`,
    data: `RUN curl -sd a=b ${url}`,
    'a probe': `RUN curl -s -o /dev/null ${url}`,
    'a condition': `RUN if curl -s ${url}; then x; fi`,
    'an alternative': `RUN curl -sL ${url} -o x || wget ${url}`,
    'no download': 'RUN curl --version',
    'options in a variable': `ARG CURL_OPTS\nRUN curl $CURL_OPTS ${url}`,
    'known options': `ENV CURL="-fsSL"\nRUN curl $CURL ${url}`,
    'installed only': 'RUN apt-get install -y curl',
  },
  fixes: {
    'letters of a value are no options': [
      `RUN ⟦curl⟧ -sSL -oconf ${url}`,
      { text: `RUN curl -fsSL -oconf ${url}`, safety: 'safe' },
    ],
    'into the cluster': [`RUN ⟦curl⟧ -sSL ${url} -o x`, { text: `RUN curl -fsSL ${url} -o x`, safety: 'safe' }],
    alone: [`RUN ⟦curl⟧ -o x ${url}`, `RUN curl -f -o x ${url}`],
    'a cluster that takes a value': [`RUN ⟦curl⟧ -Lo x ${url}`, `RUN curl -f -Lo x ${url}`],
    'beside a progress bar': [`RUN ⟦curl⟧ -#sSL ${url} -o x`, `RUN curl -f -#sSL ${url} -o x`],
    'behind others': [`RUN x && ⟦curl⟧ -o x \\\n  -L ${url} && y`, `RUN x && curl -o x \\\n  -fL ${url} && y`],
    'a variable as address': ['ARG URL\nRUN ⟦curl⟧ -L "$URL" > x', 'ARG URL\nRUN curl -fL "$URL" > x'],
    'into a pipe': [`RUN ⟦curl⟧ -L ${url} | tar xz`, { text: `RUN curl -fL ${url} | tar xz`, safety: 'suggestion' }],
    'into a pipe with pipefail': [
      `SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN ⟦curl⟧ -L ${url} | tar xz`,
      { text: `SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fL ${url} | tar xz`, safety: 'safe' },
    ],
    'into a variable': [
      `RUN V=$(⟦curl⟧ -s ${url}) && x`,
      { text: `RUN V=$(curl -fs ${url}) && x`, safety: 'suggestion' },
    ],
    'exec form': [`RUN [⟦"curl"⟧, "-sLo", "x", "${url}"]`, `RUN ["curl", "-f", "-sLo", "x", "${url}"]`],
  },
  reports: { 'not understood': `RUN ⟦curl⟧ -L ${url} "` },
});
