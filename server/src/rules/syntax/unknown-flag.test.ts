import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unknownFlag } from './unknown-flag.ts';

describeRule(unknownFlag, {
  accepts: {
    'known ones':
      'FROM --platform=linux/amd64 debian:13\nCOPY --link --parents --exclude=a --exclude=b --chown=a:b x y /z/\nADD --unpack --checksum=sha256:1 https://a.example/x /x\nRUN --mount=type=cache,target=/a --mount=type=tmpfs,target=/b --network=none x',
    'of the command': 'RUN apt-get --yes install x\nCMD ["--help"]',
    'in HEALTHCHECK': 'HEALTHCHECK --interval=5s --start-interval=1s CMD x',
  },
  reports: {
    'nothing near': 'COPY ⟦--owner=app⟧ a /b',
    'no value': 'COPY ⟦--from⟧ build /a /b',
    'two values': 'COPY --chown=a ⟦--chown=b⟧ x /y',
  },
  fixes: {
    misspelled: ['RUN ⟦--muont=type=cache,target=/x⟧ true', 'RUN --mount=type=cache,target=/x true'],
    'twice the same': ['COPY --chown=a ⟦--chown=a⟧ x /y', 'COPY --chown=a x /y'],
    'in ONBUILD': ['ONBUILD COPY ⟦--form=x⟧ a /b', 'ONBUILD COPY --from=x a /b'],
  },
});
