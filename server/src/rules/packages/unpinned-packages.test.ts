import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unpinnedPackages } from './unpinned-packages.ts';

describeRule(unpinnedPackages, {
  accepts: {
    versions:
      'RUN apt-get install -y nginx=1.28.0-1 && pip install flask==3.1 "uvicorn>=0.30" && npm i -g pm2@6 && gem install rake:13.2',
    apk: 'FROM alpine:3.22\nRUN apk add nginx=1.28.0-r3 "curl~=8.14" git\\>2',
    rpm: 'RUN dnf install -y nginx-1.28 && zypper in -y "nginx=1.28"',
    'a lock or a constraint': 'RUN pip install -r requirements.txt && pip install -c constraints.txt flask && npm ci',
    'files and addresses':
      'RUN apt-get install -y ./x.deb && pip install . ./x.whl git+https://example.org/x && npm i -g ./x.tgz && rpm -i x.rpm',
    'gem with an option': 'RUN gem install rake -v 13.2',
    go: 'RUN go install example.org/x@v1.2.3 && go install ./cmd/x && go mod download',
    'a variable': 'RUN apt-get install -y $PACKAGES "nginx=$VERSION"',
  },
  reports: {
    apt: 'RUN apt-get install -y ⟦nginx⟧ curl=8.14.1-2 ⟦git⟧',
    'several managers':
      'RUN pip install ⟦flask⟧ && npm i -g ⟦pm2⟧ ⟦@scope/x⟧ x@1 ⟦y@latest⟧ && gem install ⟦rake⟧ && dnf install -y ⟦nginx⟧',
    apk: 'FROM alpine:3.22\nRUN apk add --no-cache --virtual .deps ⟦gcc⟧',
    go: 'RUN go install ⟦example.org/x@latest⟧ && go install ⟦example.org/y⟧',
  },
});
