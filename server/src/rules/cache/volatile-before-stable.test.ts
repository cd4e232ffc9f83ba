import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { volatileBeforeStable } from './volatile-before-stable.ts';

const install = 'RUN apt-get update && apt-get install -y curl\n';

describeRule(volatileBeforeStable, {
  accepts: {
    'behind the install': `${install}ARG GIT_COMMIT\nLABEL commit=$GIT_COMMIT`,
    'nothing expensive behind': 'ARG BUILD_DATE\nRUN echo $BUILD_DATE > /date',
    'the install uses it': `ARG BUILD_DATE\nRUN echo "$BUILD_DATE" && apt-get install -y curl`,
    'a script may read it': `ARG BUILD_DATE\nRUN printenv BUILD_DATE && apt-get install -y curl`,
    'other arguments': `ARG NODE_VERSION=24\nARG DEBIAN_FRONTEND=noninteractive\nARG GIT_BRANCH_DEFAULT=main\n${install}`,
    'in front of FROM': `ARG BUILD_DATE\nFROM debian:13\n${install}`,
  },
  fixes: {
    'to its first use': [
      `ARG ⟦BUILD_DATE⟧\n${install}ENV DATE=$BUILD_DATE\n`,
      { text: `${install}ARG BUILD_DATE\nENV DATE=$BUILD_DATE\n`, safety: 'suggestion' },
    ],
    'labels go with it': [
      `ARG ⟦VCS_REF⟧=x\nLABEL ref="\${VCS_REF}"\n${install}CMD ["x"]`,
      `${install}CMD ["x"]\nARG VCS_REF=x\nLABEL ref="\${VCS_REF}"`,
    ],
    'used nowhere': [`arg ⟦GITHUB_SHA⟧\n# tools\n${install}USER app`, `# tools\n${install}USER app\narg GITHUB_SHA`],
  },
  reports: {
    'labels and steps': `ARG ⟦GIT_SHA⟧\nLABEL sha=$GIT_SHA\n${install}ENV SHA=$GIT_SHA`,
  },
});
