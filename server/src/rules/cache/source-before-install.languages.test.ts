import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { sourceBeforeInstall } from './source-before-install.ts';

const python = 'FROM python:3.13\nWORKDIR /app\n';
const ignore = { '.dockerignore': 'node_modules\n**/node_modules\nvendor\n.venv\n**/obj\n' };

// Of Node.js, and of what they have in common: source-before-install.test.ts.
describeRule(sourceBeforeInstall, {
  fixes: {
    'pip with includes': [
      {
        text: `${python}COPY ⟦.⟧ /app\nRUN pip install --no-cache-dir -r requirements/prod.txt`,
        context: {
          'requirements/prod.txt': '-r base.txt # x\nflask\n',
          'requirements/base.txt': '-c ../constraints.txt\n',
          'constraints.txt': '',
          'app.py': '',
        },
      },
      {
        text: `${python}COPY requirements/prod.txt requirements/base.txt /app/requirements/\nCOPY constraints.txt /app/\nRUN pip install --no-cache-dir -r requirements/prod.txt\nCOPY . /app`,
        safety: 'safe',
      },
    ],
    'two requirement files': [
      {
        text: `${python}COPY ⟦.⟧ .\nRUN python3 -m pip install -r a.txt && pip install -r b.txt`,
        context: { 'a.txt': '', 'b.txt': '', 'x.py': '' },
      },
      {
        text: `${python}COPY a.txt b.txt ./\nRUN python3 -m pip install -r a.txt && pip install -r b.txt\nCOPY . .`,
        safety: 'safe',
      },
    ],
    'poetry with the project': [
      {
        text: `${python}COPY ⟦.⟧ .\nRUN pip install poetry && poetry install`,
        context: { 'pyproject.toml': '[tool.poetry]\nname = "x"\n', 'poetry.lock': '', 'x.py': '' },
      },
      {
        text: `${python}COPY pyproject.toml poetry.lock ./\nRUN pip install poetry && poetry install --no-root\nCOPY . .\nRUN poetry install`,
        safety: 'suggestion',
      },
    ],
    'poetry without the project': [
      {
        text: `${python}COPY ⟦.⟧ .\nRUN poetry install --no-root`,
        context: { 'pyproject.toml': '', 'poetry.lock': '', 'x.py': '' },
      },
      { text: `${python}COPY pyproject.toml poetry.lock ./\nRUN poetry install --no-root\nCOPY . .`, safety: 'safe' },
    ],
    uv: [
      {
        text: `${python}COPY ⟦.⟧ .\nRUN uv sync --locked`,
        context: { 'pyproject.toml': '[build-system]\n', 'uv.lock': '', '.python-version': '', 'x.py': '', ...ignore },
      },
      {
        text: `${python}COPY pyproject.toml uv.lock .python-version ./\nRUN uv sync --locked --no-install-project\nCOPY . .\nRUN uv sync --locked`,
        safety: 'suggestion',
      },
    ],
    pipenv: [
      {
        text: `${python}COPY ⟦.⟧ .\nRUN pipenv install --system --deploy`,
        context: { Pipfile: '', 'Pipfile.lock': '', 'x.py': '' },
      },
      { text: `${python}COPY Pipfile Pipfile.lock ./\nRUN pipenv install --system --deploy\nCOPY . .`, safety: 'safe' },
    ],
    bundler: [
      {
        text: 'FROM ruby:3.4\nWORKDIR /app\nENV BUNDLE_FROZEN=1\nCOPY ⟦.⟧ .\nRUN bundle install\n',
        context: { Gemfile: 'ruby file: ".ruby-version"\n', 'Gemfile.lock': '', '.ruby-version': '', 'a.rb': '' },
      },
      {
        text: 'FROM ruby:3.4\nWORKDIR /app\nENV BUNDLE_FROZEN=1\nCOPY Gemfile Gemfile.lock .ruby-version ./\nRUN bundle install\nCOPY . .\n',
        safety: 'safe',
      },
    ],
    composer: [
      {
        text: 'FROM composer:2\nWORKDIR /app\nCOPY ⟦.⟧ .\nRUN composer install --no-dev -o\n',
        context: {
          'composer.json': '{"scripts":{"post-install-cmd":"@php x.php"}}',
          'composer.lock': '',
          'symfony.lock': '',
          'x.php': '',
          ...ignore,
        },
      },
      {
        text: 'FROM composer:2\nWORKDIR /app\nCOPY composer.json composer.lock symfony.lock ./\nRUN composer install --no-dev --no-scripts --no-autoloader\nCOPY . .\nRUN composer install --no-dev -o\n',
        safety: 'suggestion',
      },
    ],
    'composer without scripts': [
      {
        text: 'FROM composer:2\nWORKDIR /app\nCOPY ⟦.⟧ .\nRUN composer install\n',
        context: {
          'composer.json': '{"autoload":{"psr-4":{"A\\\\":"src/"}}}',
          'composer.lock': '',
          'src/x.php': '',
          ...ignore,
        },
      },
      {
        text: 'FROM composer:2\nWORKDIR /app\nCOPY composer.json composer.lock ./\nRUN composer install\nCOPY . .\n',
        safety: 'safe',
      },
    ],
    'go mod download': [
      {
        text: 'FROM golang:1.26\nWORKDIR /src\nCOPY ⟦.⟧ .\nRUN go mod download && go build -o /x .\n',
        context: {
          'go.mod': 'require x v1\nreplace a => ./lib/a\n',
          'go.sum': '',
          'lib/a/go.mod': '',
          'lib/a/a.go': '',
        },
      },
      {
        text: 'FROM golang:1.26\nWORKDIR /src\nCOPY go.mod go.sum ./\nCOPY lib/a/go.mod ./lib/a/\nRUN go mod download\nCOPY . .\nRUN go build -o /x .\n',
        safety: 'safe',
      },
    ],
    'go build': [
      'FROM golang:1.26\nWORKDIR /src\nCOPY ⟦.⟧ .\nRUN apk add git && CGO_ENABLED=0 go build -o /x .\n',
      {
        text: 'FROM golang:1.26\nWORKDIR /src\nCOPY go.mod go.sum* ./\nRUN apk add git && go mod download\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /x .\n',
        safety: 'suggestion',
      },
    ],
    'cargo build': [
      {
        text: 'FROM rust:1.90\nWORKDIR /src\nCOPY ⟦.⟧ .\nRUN cargo build --release\n',
        context: { 'Cargo.toml': '[dependencies]\na = "1"\n', 'Cargo.lock': '', 'src/main.rs': '' },
      },
      {
        text: 'FROM rust:1.90\nWORKDIR /src\nCOPY Cargo.toml Cargo.lock ./\nRUN mkdir src && touch src/lib.rs && cargo fetch && rm -r src\nCOPY . .\nRUN cargo build --release\n',
        safety: 'suggestion',
      },
    ],
    maven: [
      {
        text: 'FROM maven:3\nWORKDIR /src\nCOPY ⟦.⟧ .\nRUN mvn -s settings.xml -Pprod package\n',
        context: { 'pom.xml': '<project/>', 'settings.xml': '', 'src/A.java': '' },
      },
      {
        text: 'FROM maven:3\nWORKDIR /src\nCOPY pom.xml settings.xml ./\nRUN mvn -B -s settings.xml -Pprod dependency:go-offline\nCOPY . .\nRUN mvn -s settings.xml -Pprod package\n',
        safety: 'suggestion',
      },
    ],
    'a wrapper made executable on the way': [
      'FROM eclipse-temurin:21\nWORKDIR /src\nCOPY ⟦.⟧ .\nRUN chmod +x mvnw\nRUN ./mvnw package\n',
      'FROM eclipse-temurin:21\nWORKDIR /src\nCOPY mvnw pom.xml ./\nCOPY .mvn/ ./.mvn/\nRUN chmod +x mvnw && ./mvnw -B dependency:go-offline\nCOPY . .\nRUN chmod +x mvnw\nRUN ./mvnw package\n',
    ],
    gradle: [
      {
        text: 'FROM gradle:8\nCOPY ⟦.⟧ /src\nRUN cd /src && ./gradlew build\n',
        context: {
          'build.gradle.kts': '',
          'settings.gradle.kts': 'rootProject.name = "x"',
          gradlew: '',
          'gradle/wrapper/gradle-wrapper.jar': '',
          'src/A.kt': '',
        },
      },
      {
        text: 'FROM gradle:8\nCOPY gradlew build.gradle.kts settings.gradle.kts /src/\nCOPY gradle/ /src/gradle/\nRUN cd /src && ./gradlew dependencies --no-daemon\nCOPY . /src\nRUN cd /src && ./gradlew build\n',
        safety: 'suggestion',
      },
    ],
    'dotnet restore': [
      {
        text: 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /src\nCOPY ⟦.⟧ .\nRUN dotnet restore App/App.csproj\nRUN dotnet publish --no-restore App/App.csproj\n',
        context: {
          'App/App.csproj': '<ProjectReference Include="..\\Lib\\Lib.csproj" />',
          'Lib/Lib.csproj': '',
          'Directory.Packages.props': '',
          'Other/Other.csproj': '',
          'App/P.cs': '',
          ...ignore,
        },
      },
      {
        text: 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /src\nCOPY App/App.csproj ./App/\nCOPY Lib/Lib.csproj ./Lib/\nCOPY Directory.Packages.props ./\nRUN dotnet restore App/App.csproj\nCOPY . .\nRUN dotnet publish --no-restore App/App.csproj\n',
        safety: 'safe',
      },
    ],
  },
});
