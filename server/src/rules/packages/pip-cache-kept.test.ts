import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { pipCacheKept } from './pip-cache-kept.ts';

const from = 'FROM python:3.13-slim\n';

describeRule(pipCacheKept, {
  accepts: {
    'has it': `${from}RUN pip install --no-cache-dir flask`,
    'has it in front': `${from}RUN pip --no-cache-dir install flask`,
    ENV: `${from}ENV PIP_NO_CACHE_DIR=1\nRUN pip install flask`,
    'ENV of the stage below': `${from.trim()} AS base\nENV PIP_NO_CACHE_DIR=on\nFROM base\nRUN pip install flask`,
    ARG: `${from}ARG PIP_NO_CACHE_DIR=1\nRUN pip install flask`,
    'in front of the command': `${from}RUN PIP_NO_CACHE_DIR=1 pip install flask`,
    exported: `${from}RUN export PIP_NO_CACHE_DIR=true && pip install flask`,
    'cache mount': `${from}RUN --mount=type=cache,target=/root/.cache/pip pip install flask`,
    'cache mount above': `${from}RUN --mount=type=cache,target=/root/.cache pip install flask`,
    'cache mount of another user': `${from}RUN --mount=type=cache,target=/home/app/.cache/pip pip install flask`,
    'named cache': `${from}ENV PIP_CACHE_DIR=/wheels\nRUN --mount=type=cache,target=/wheels pip install flask`,
    purged: `${from}RUN pip install flask && pip cache purge`,
    removed: `${from}RUN pip install flask && rm -rf ~/.cache`,
    'a stage that does not ship': `${from.trim()} AS build\nRUN pip install flask\n${from}COPY --from=build /x /x`,
    'other tools': `${from}RUN pipx install flask && uv pip install flask && pipenv install`,
    'download only': `${from}RUN pip download flask`,
    'a configuration': `${from}COPY pip.conf /etc/pip.conf\nRUN pip install flask`,
    'configured by command': `${from}RUN pip config set global.no-cache-dir true\nRUN pip install flask`,
    'options in a variable': `${from}ARG PIP_OPTIONS\nRUN pip install $PIP_OPTIONS flask`,
    echo: `${from}RUN echo "pip install flask"`,
  },
  fixes: {
    'a trigger, as a suggestion': [
      'FROM python:3.14\nONBUILD RUN pip ⟦install⟧ -r requirements.txt',
      { text: 'FROM python:3.14\nONBUILD RUN pip install --no-cache-dir -r requirements.txt', safety: 'suggestion' },
    ],
    'a mount of a file': [
      `${from}RUN --mount=type=bind,source=r.txt,target=/tmp/pip.txt pip ⟦install⟧ -r /tmp/pip.txt`,
      `${from}RUN --mount=type=bind,source=r.txt,target=/tmp/pip.txt pip install --no-cache-dir -r /tmp/pip.txt`,
    ],
    plain: [`${from}RUN pip ⟦install⟧ flask`, { text: `${from}RUN pip install --no-cache-dir flask`, safety: 'safe' }],
    'python -m': [
      `${from}RUN python3 -m pip ⟦install⟧ -U pip`,
      `${from}RUN python3 -m pip install --no-cache-dir -U pip`,
    ],
    'pip3 over lines': [
      `${from}RUN pip3 ⟦install⟧ \\\n  # web\n  flask \\\n  gunicorn`,
      `${from}RUN pip3 install --no-cache-dir \\\n  # web\n  flask \\\n  gunicorn`,
    ],
    'switched on again': [
      `${from}ENV PIP_NO_CACHE_DIR=0\nRUN pip ⟦install⟧ flask`,
      `${from}ENV PIP_NO_CACHE_DIR=0\nRUN pip install --no-cache-dir flask`,
    ],
    'exec form': [
      `${from}RUN ["pip", ⟦"install"⟧, "flask"]`,
      `${from}RUN ["pip", "install", "--no-cache-dir", "flask"]`,
    ],
    guarded: [
      `${from}RUN pip ⟦install⟧ a || pip ⟦install⟧ b`,
      `${from}RUN pip install --no-cache-dir a || pip install --no-cache-dir b`,
    ],
    'in a heredoc': [
      `${from}RUN <<EOF\npip ⟦install⟧ flask\nEOF`,
      `${from}RUN <<EOF\npip install --no-cache-dir flask\nEOF`,
    ],
    'wildcard version': [`${from}RUN pip ⟦install⟧ 'flask==3.*'`, `${from}RUN pip install --no-cache-dir 'flask==3.*'`],
    'several RUNs, once for all': [
      `${from}# tools\nRUN pip ⟦install⟧ -U pip\nCOPY requirements.txt .\nRUN pip ⟦install⟧ -r requirements.txt\n`,
      {
        text: `${from}ENV PIP_NO_CACHE_DIR=1\n# tools\nRUN pip install -U pip\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n`,
        title: 'PIP_NO_CACHE_DIR',
        safety: 'suggestion',
      },
    ],
  },
  reports: {
    'a script that is not understood': `${from}RUN pip ⟦install⟧ flask "`,
  },
});
