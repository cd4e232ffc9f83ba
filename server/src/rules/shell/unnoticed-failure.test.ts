import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unnoticedFailure } from './unnoticed-failure.ts';

describeRule(unnoticedFailure, {
  accepts: {
    'a list of &&': 'RUN apt-get update && apt-get install -y x',
    'set -e': 'RUN set -e; apt-get update; apt-get install -y x',
    'set -eux in lines': 'RUN set -eux; \\\n    make; \\\n    make install',
    'a shell with -e': 'SHELL ["/bin/bash", "-ec"]\nRUN make; make install',
    'set later': 'RUN export A=1; set -e; make; make install',
    'only one that counts': 'RUN make;',
    'commands that hardly ever fail': 'RUN echo a; export B=1; A=2; umask 22; make',
    'failures that are looked at': 'RUN make || true; make x || exit 1; ! make y; make z',
    'a condition': 'RUN [ -e x ] && make; command -v x && y; make z',
    'a check whose exit code is looked at': 'RUN set -e; ! grep x y || exit 1; if ! make; then b; fi; make',
    'a check at the end, whose exit code counts': 'RUN set -e; make; ! grep x y',
    'a branch': 'RUN if a; then b; fi; make',
    'in the background': 'RUN server & make test',
    'a heredoc with set -e': 'RUN <<EOF\nset -e\nmake\nmake install\nEOF\n',
    'a heredoc with options': 'RUN bash -e <<EOF\nmake\nmake install\nEOF\n',
    'a shebang with options': 'RUN <<EOF\n#!/bin/bash -e\nmake\nmake install\nEOF\n',
    'a heredoc of one list': 'RUN <<EOF\nmake &&\n  make install\nEOF\n',
    'another language': 'RUN python3 <<EOF\na()\nb()\nEOF\n',
    'a trap': 'RUN trap x ERR; make; make install',
    'folders that may be there': 'RUN mkdir -p a b; cp x a',
    'a word across lines': 'RUN ma\\\nke; make install; x',
    'PowerShell in an image that is not known': 'FROM x\nRUN powershell -Command a; b; c',
    'exec form': 'RUN ["sh", "-c", "make; make install"]',
  },
  fixes: {
    'a chain of semicolons': [
      'RUN ⟦apt-get⟧ update; apt-get install -y x; rm -rf /tmp/x',
      { text: 'RUN set -e; apt-get update; apt-get install -y x; rm -rf /tmp/x', safety: 'suggestion' },
    ],
    'a check that set -e does not look at': [
      'RUN set -eux; \\\n    ⟦!⟧ { ldd x | grep "not found"; }; \\\n    make',
      {
        text: 'RUN set -eux; \\\n    ! { ldd x | grep "not found"; } || exit 1; \\\n    make',
        safety: 'suggestion',
      },
    ],
    'such a check in a heredoc': [
      'RUN <<EOF\nset -e\n⟦!⟧ command -v gcc\nmake\nEOF\n',
      'RUN <<EOF\nset -e\n! command -v gcc || exit 1\nmake\nEOF\n',
    ],
    'over lines': [
      'RUN cd x && ⟦make⟧; \\\n    # then\n    make install',
      'RUN set -e; cd x && make; \\\n    # then\n    make install',
    ],
    'behind harmless ones': ['RUN echo x; ⟦make⟧ > log; ls', 'RUN set -e; echo x; make > log; ls'],
    'the end of a pipe': ['RUN cat x | ⟦patch⟧ -p1; make', 'RUN set -e; cat x | patch -p1; make'],
    'a heredoc': ['RUN <<EOF\n⟦make⟧\nmake install\nEOF\n', 'RUN <<EOF\nset -e\nmake\nmake install\nEOF\n'],
    'a heredoc with tabs': [
      'RUN <<-EOF\n\t⟦make⟧\n\tmake install\n\tEOF\n',
      'RUN <<-EOF\n\tset -e\n\tmake\n\tmake install\n\tEOF\n',
    ],
    'a heredoc with a shebang': [
      'RUN <<EOF\n#!/bin/bash\n⟦make⟧\nmake install\nEOF\n',
      'RUN <<EOF\n#!/bin/bash\nset -e\nmake\nmake install\nEOF\n',
    ],
  },
});
