import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { addInsteadOfCopy } from './add-instead-of-copy.ts';

describeRule(addInsteadOfCopy, {
  accepts: {
    'an archive': 'ADD rootfs.tar.gz /',
    'archives of all suffixes': 'ADD a.tgz /a\nADD b.tar /b\nADD c.tar.zst /c\nADD d.xz /d',
    'a URL': 'ADD https://example.com/a.txt /a.txt',
    'a git repository': 'ADD git@github.com:a/b.git /b\nADD https://github.com/a/b.git#main /b',
    'one of several': 'ADD a.txt rootfs.tar /x/',
    'a variable': 'ARG SOURCE\nADD $SOURCE /x',
    'a variable that begins it': 'ARG HOST\nADD ${HOST}/file.txt /x',
    'a glob that may take archives': 'ADD files/* /x/\nADD app-?.t* /y/',
    'options that only ADD has': 'ADD --unpack=true a.txt /x\nADD --checksum=sha256:a b /x',
    COPY: 'COPY a /a',
    unfinished: 'ADD a',
  },
  fixes: {
    'a file': ['⟦ADD⟧ a.txt /a', { text: 'COPY a.txt /a', safety: 'safe' }],
    'the case and the flags stay': [
      '⟦add⟧ --chown=a:b --chmod=644 a b /x/',
      { text: 'copy --chown=a:b --chmod=644 a b /x/', safety: 'safe' },
    ],
    'JSON form': ['⟦ADD⟧ ["a b.txt", "/a/"]', 'COPY ["a b.txt", "/a/"]'],
    'a folder': ['⟦ADD⟧ . /app', { text: 'COPY . /app', safety: 'safe' }],
    'a zip file is never unpacked': ['⟦ADD⟧ a.zip /a', 'COPY a.zip /a'],
    'a jar by a variable': [
      'ARG V\n⟦ADD⟧ target/app-${V}.jar /app.jar',
      { text: 'ARG V\nCOPY target/app-${V}.jar /app.jar', safety: 'safe' },
    ],
    'a glob with a suffix': ['⟦ADD⟧ *.json /x/', { text: 'COPY *.json /x/', safety: 'safe' }],
    'a name that sounds like an archive': ['⟦ADD⟧ rootfs /', { text: 'COPY rootfs /', safety: 'suggestion' }],
    'a folder that sounds like one': [
      { text: '⟦ADD⟧ rootfs /', context: { 'rootfs/etc/a': '' } },
      { text: 'COPY rootfs /', safety: 'safe' },
    ],
    ONBUILD: ['ONBUILD ⟦ADD⟧ . /app', 'ONBUILD COPY . /app'],
    'a heredoc': ['⟦ADD⟧ <<EOF /x\nhello\nEOF', 'COPY <<EOF /x\nhello\nEOF'],
    'over lines': ['⟦ADD⟧ a \\\n  # second\n  b \\\n  /x/', 'COPY a \\\n  # second\n  b \\\n  /x/'],
  },
});
