import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { passwordInImage } from './password-in-image.ts';

describeRule(passwordInImage, {
  accepts: {
    'a user without one': 'RUN useradd --system app',
    'adduser that makes none': 'RUN adduser --disabled-password --gecos "" app',
    'a locked account': "RUN useradd -p '*' app && usermod -p '!' web",
    'removing one': 'RUN passwd -d root && passwd -l app',
    'a port': 'RUN ssh-keygen -p 22',
    'a stage that does not ship':
      'FROM debian:13 AS build\nRUN echo "a:b" | chpasswd\nFROM debian:13\nCOPY --from=build /x /x',
    'another program': 'RUN echo chpasswd',
  },
  reports: {
    'through a pipe': "RUN useradd app && echo 'app:secret' | ⟦chpasswd⟧",
    'from an argument': 'ARG PASSWORD\nRUN echo "root:$PASSWORD" | ⟦chpasswd⟧',
    'a hash': "RUN useradd -m -p ⟦'$6$abc$def'⟧ app",
    'at the end of a cluster': "RUN useradd -mp ⟦'$6$abc$def'⟧ app",
    'a long option': 'RUN usermod ⟦--password=secret⟧ app',
    'passwd from standard input': 'RUN echo secret | ⟦passwd⟧ --stdin root',
    'under sudo': 'RUN echo a:b | sudo ⟦chpasswd⟧ -e',
  },
});
