import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';

describeRewrites('Python', {
  offers: {
    'compilers for wheels': {
      text: 'FROM ⟦python:3.12-slim⟧\nRUN apt-get update && apt-get install -y --no-install-recommends build-essential libffi-dev && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nEXPOSE 8000\nCMD ["gunicorn", "app:app"]\n',
      gives:
        'FROM python:3.12-slim AS build\nRUN apt-get update && apt-get install -y --no-install-recommends build-essential libffi-dev && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY requirements.txt .\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install --no-cache-dir -r requirements.txt\n\nFROM python:3.12-slim\nENV PATH=/opt/venv/bin:$PATH\nCOPY --from=build /opt/venv /opt/venv\nCOPY --from=build --chown=10001:10001 /app /app\nWORKDIR /app\nCOPY --chown=10001:10001 . .\nEXPOSE 8000\nUSER 10001:10001\nCMD ["gunicorn", "app:app"]\n',
      title: 'python:3.12-slim (as 10001:10001)',
    },
    'headers whose library the final stage installs': {
      text: 'FROM ⟦python:3.12-slim⟧\nENV PYTHONUNBUFFERED=1\nENV PIP_NO_CACHE_DIR=1\nRUN apt-get update && apt-get install -y gcc libpq-dev\nWORKDIR /app\nCOPY . .\n# dependencies\nRUN pip install -r requirements.txt\nCMD python manage.py runserver 0.0.0.0:8000\n',
      gives:
        'FROM python:3.12-slim AS build\nENV PYTHONUNBUFFERED=1\nENV PIP_NO_CACHE_DIR=1\nRUN apt-get update && apt-get install -y gcc libpq-dev\nWORKDIR /app\nCOPY . .\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\n# dependencies\nRUN pip install -r requirements.txt\n\nFROM python:3.12-slim\nENV PYTHONUNBUFFERED=1\nENV PATH=/opt/venv/bin:$PATH\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /opt/venv /opt/venv\nCOPY --from=build --chown=10001:10001 /app /app\nWORKDIR /app\nUSER 10001:10001\nCMD python manage.py runserver 0.0.0.0:8000\n',
      title: 'python:3.12-slim (as 10001:10001)',
    },
    'alpine and C++': {
      text: 'FROM ⟦python:3.12-alpine⟧\nRUN apk add --no-cache g++ musl-dev postgresql-dev\nWORKDIR /srv\nCOPY requirements.txt ./\nRUN python3 -m pip install -r requirements.txt\nCOPY . .\nUSER 1000\nCMD ["uvicorn", "main:app"]\n',
      gives:
        'FROM python:3.12-alpine AS build\nRUN apk add --no-cache g++ musl-dev postgresql-dev\nWORKDIR /srv\nCOPY requirements.txt ./\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN python3 -m pip install -r requirements.txt\n\nFROM python:3.12-alpine\nENV PATH=/opt/venv/bin:$PATH\nRUN apk add --no-cache libpq libstdc++\nCOPY --from=build /opt/venv /opt/venv\nCOPY --from=build /srv /srv\nWORKDIR /srv\nCOPY . .\nUSER 1000\nCMD ["uvicorn", "main:app"]\n',
      title: 'python:3.12-alpine (as 1000)',
    },
    'the full image with a known context': {
      text: 'FROM ⟦python:3.12⟧\nRUN apt-get update && apt-get install -y cmake\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt && python manage.py collectstatic --noinput\nCMD ["gunicorn", "app"]\n',
      context: { 'requirements.txt': 'flask==3\ngunicorn\npsycopg2-binary\n', 'manage.py': '' },
      gives:
        'FROM python:3.12 AS build\nRUN apt-get update && apt-get install -y cmake\nWORKDIR /app\nCOPY . .\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install -r requirements.txt && python manage.py collectstatic --noinput\n\nFROM python:3.12-slim\nENV PATH=/opt/venv/bin:$PATH\nCOPY --from=build /opt/venv /opt/venv\nCOPY --from=build --chown=10001:10001 /app /app\nWORKDIR /app\nUSER 10001:10001\nCMD ["gunicorn", "app"]\n',
      title: 'python:3.12-slim (as 10001:10001)',
    },
  },
  declines: {
    'a library at run time': {
      text: 'FROM ⟦python:3.12-slim⟧\nRUN apt-get update && apt-get install -y gcc ffmpeg\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
      reason: 'may need ffmpeg',
    },
    'the full image has libpq': {
      text: 'FROM ⟦python:3.12⟧\nRUN apt-get update && apt-get install -y gcc\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
      context: { 'requirements.txt': 'psycopg2==2.9\n' },
      reason: 'psycopg2 may need a library',
    },
    'a folder for packages': {
      text: 'FROM ⟦python:3.12-slim⟧\nRUN apt-get update && apt-get install -y gcc\nWORKDIR /app\nCOPY . .\nRUN pip install --target /libs -r requirements.txt\nCMD ["python", "app.py"]\n',
      reason: 'a folder of its own choice',
    },
    'a virtual environment is there': {
      text: 'FROM ⟦python:3.12-slim⟧\nRUN apt-get update && apt-get install -y gcc\nRUN python -m venv /venv\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
      reason: 'virtual environment already',
    },
    'poetry decides': {
      text: 'FROM ⟦python:3.12-slim⟧\nRUN apt-get update && apt-get install -y gcc\nWORKDIR /app\nCOPY . .\nRUN pip install poetry && poetry install\nCMD ["python", "app.py"]\n',
      reason: 'calls poetry',
    },
    'a path of the installation': {
      text: 'FROM ⟦python:3.12-slim⟧\nRUN apt-get update && apt-get install -y gcc\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["/usr/local/bin/gunicorn", "app"]\n',
      reason: 'names a path of the Python installation',
    },
    'no folder of its own': {
      text: 'FROM ⟦python:3.12-slim⟧\nRUN apt-get update && apt-get install -y gcc\nCOPY . /\nRUN pip install -r requirements.txt\nCMD ["python", "/app.py"]\n',
      reason: 'add a WORKDIR',
    },
  },
});
