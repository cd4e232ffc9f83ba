import assert from 'node:assert/strict';
import { BuildContext, contextReaderOf } from '../context.ts';
import { buildModel } from '../dockerfile.ts';
import { dependencyInstalls, type NeedsAnswer, ProjectFolder } from './index.ts';

/** What the first install of a RUN needs, with those files as its project. */
function needsOf(command: string, files: Readonly<Record<string, string>>, from = 'debian:13'): NeedsAnswer {
  const context = new BuildContext(contextReaderOf(files));
  const model = buildModel(`FROM ${from}\nWORKDIR /app\nRUN ${command}\n`, { context });
  const install = dependencyInstalls(model.runs[0]!)[0];
  assert.ok(install, `no install in: ${command}`);
  return install.needs(
    new ProjectFolder(context, ''),
    install.mainFiles.map((file) => file.replace(/^\.\//, '')),
  );
}

function filesOf(command: string, files: Readonly<Record<string, string>>): readonly string[] {
  const answer = needsOf(command, files);
  assert.equal(answer.kind, 'needs', JSON.stringify(answer));
  return answer.kind === 'needs' ? answer.files : [];
}

function reasonOf(command: string, files: Readonly<Record<string, string>>): string {
  const answer = needsOf(command, files);
  assert.equal(answer.kind, 'declined', JSON.stringify(answer));
  return answer.kind === 'declined' ? answer.reason : '';
}

describe('what a dependency install needs', () => {
  it('takes only commands that install from manifests', () => {
    const count = (command: string): number =>
      dependencyInstalls(buildModel(`FROM golang:1.26\nRUN ${command}\n`).runs[0]!).length;
    const installs = [
      'npm ci',
      'npm ci --registry=$REGISTRY --prefer-offline',
      'mvn package -Drevision=$VERSION',
      'npm i',
      'yarn',
      'yarn install',
      'pnpm i',
      'pip3 install -r a.txt',
      'python -m pip install -ra.txt',
      'uv sync',
      'uv pip install -r a.txt',
    ];
    const more = [
      'poetry install',
      'pipenv sync',
      'bundle install',
      'bundle',
      'composer install',
      'go mod download',
      'go build ./...',
      'cargo build',
      'mvn package',
      './gradlew bootJar',
      'dotnet restore',
    ];
    for (const command of [...installs, ...more]) assert.equal(count(command), 1, command);
    const others = [
      'npm i -g x',
      'npm i x',
      'npm run build',
      'yarn add x',
      'yarn build',
      'pip install x',
      'pip install .',
      'poetry add x',
      'gem install x',
      'composer require x',
      'go install x@latest',
      'go build main.go',
      'cargo install x',
      'mvn --version',
      'gradle tasks',
      'dotnet tool install x',
      'mvn -o package',
      'npm ci $OPTIONS',
    ];
    for (const command of others) assert.equal(count(command), 0, command);
  });

  describe('npm, yarn, pnpm', () => {
    it('reads the lock file of the manager', () => {
      const all = {
        'package.json': '{}',
        'package-lock.json': '{}',
        'yarn.lock': '',
        'pnpm-lock.yaml': '',
        '.npmrc': '',
        '.yarnrc.yml': '',
        '.yarn/releases/y.cjs': '',
      };
      assert.deepEqual(filesOf('npm ci', all), ['package.json', 'package-lock.json', '.npmrc']);
      assert.deepEqual(filesOf('yarn', all), ['package.json', 'yarn.lock', '.npmrc', '.yarnrc.yml', '.yarn/releases/']);
      assert.deepEqual(filesOf('pnpm i', all), ['package.json', 'pnpm-lock.yaml', '.npmrc']);
    });

    it('leaves out what .dockerignore hides', () => {
      assert.deepEqual(
        filesOf('npm ci', { 'package.json': '{}', 'package-lock.json': '{}', '.dockerignore': 'package-lock.json' }),
        ['package.json'],
      );
      assert.match(
        reasonOf('npm ci', { 'package.json': '{}', '.dockerignore': '*.json' }),
        /ignored by \.dockerignore/,
      );
      assert.match(reasonOf('npm ci', { 'a.js': '' }), /not found/);
    });

    it('finds the members of a workspace', () => {
      const members = {
        'a/package.json': '{}',
        'libs/b/package.json': '{}',
        'libs/c/d/package.json': '{}',
        'e/package.json': '{}',
        'a/node_modules/x/package.json': '{}',
      };
      assert.deepEqual(filesOf('npm ci', { 'package.json': '{"workspaces":["a","libs/*"]}', ...members }), [
        'package.json',
        'a/package.json',
        'libs/b/package.json',
      ]);
      assert.deepEqual(
        filesOf('yarn', { 'package.json': '{"workspaces":{"packages":["libs/**","!libs/b"]}}', ...members }),
        ['package.json', 'libs/c/d/package.json'],
      );
      assert.deepEqual(
        filesOf('pnpm i', {
          'package.json': '{}',
          'pnpm-workspace.yaml': '# x\npackages:\n  - a # first\n  - "libs/*"\ncatalog:\n  - e\n',
          ...members,
        }),
        ['package.json', 'pnpm-workspace.yaml', 'a/package.json', 'libs/b/package.json'],
      );
    });

    it('looks into scripts and local dependencies', () => {
      assert.match(reasonOf('npm ci', { 'package.json': '{"scripts":{"postinstall":"node x.js"}}' }), /postinstall/);
      assert.match(
        reasonOf('npm ci', {
          'package.json': '{"workspaces":["a"]}',
          'a/package.json': '{"scripts":{"prepare":"tsc"}}',
        }),
        /prepare script of a\/package\.json/,
      );
      assert.deepEqual(
        filesOf('npm ci --ignore-scripts', { 'package.json': '{"scripts":{"postinstall":"node x.js"}}' }),
        ['package.json'],
      );
      assert.deepEqual(filesOf('npm ci', { 'package.json': '{"scripts":{"test":"x","prepare":"husky || true"}}' }), [
        'package.json',
      ]);
      assert.match(
        reasonOf('npm ci', { 'package.json': '{"dependencies":{"a":"link:../a"}}' }),
        /folder of the context/,
      );
      assert.deepEqual(filesOf('npm ci', { 'package.json': '{"dependencies":{"a":"file:a.tgz"}}', 'a.tgz': '' }), [
        'package.json',
        'a.tgz',
      ]);
      assert.match(reasonOf('npm ci', { 'package.json': '{"overrides":{"a":"file:./a"}}' }), /in place of a package/);
      assert.match(reasonOf('npm ci', { 'package.json': '{}', 'binding.gyp': '' }), /binding\.gyp/);
      assert.match(reasonOf('npm ci', { 'package.json': '{' }), /can’t be read/);
    });
  });

  describe('Python', () => {
    it('follows requirement files', () => {
      const files = {
        'r.txt': '# x\n-r more/a.txt\n-c c.txt\nflask==3 \\\n  --hash=sha256:0\n',
        'more/a.txt': '--requirement=b.txt\n',
        'more/b.txt': '-r a.txt\n',
        'c.txt': '',
      };
      assert.deepEqual(filesOf('pip install -r r.txt', files), ['r.txt', 'more/a.txt', 'c.txt', 'more/b.txt']);
      assert.match(reasonOf('pip install -r r.txt', { 'r.txt': '-e .' }), /project itself/);
      assert.match(reasonOf('pip install -r r.txt', { 'r.txt': './lib' }), /folder of the context/);
      assert.match(reasonOf('pip install -r r.txt', { 'r.txt': '-r ../x.txt' }), /outside/);
      assert.match(reasonOf('pip install -r r.txt', { 'r.txt': '-r gone.txt' }), /not found/);
      assert.deepEqual(
        filesOf('pip install -r r.txt', {
          'r.txt': 'wheels/a-1.whl\n-e git+https://x/y#egg=y\n',
          'wheels/a-1.whl': '',
        }),
        ['r.txt', 'wheels/a-1.whl'],
      );
    });

    it('tells when the project itself is installed', () => {
      const answer = needsOf('uv sync --locked', { 'pyproject.toml': '[build-system]\n', 'uv.lock': '' });
      assert.equal(answer.kind === 'needs' && answer.prefetch, 'uv sync --locked --no-install-project');
      const plain = needsOf('uv sync', { 'pyproject.toml': '[project]\n', 'uv.lock': '' });
      assert.equal(plain.kind === 'needs' && plain.prefetch, undefined);
      const poetry = needsOf('poetry install', {
        'pyproject.toml': '[tool.poetry]\npackage-mode = false\n',
        'poetry.lock': '',
      });
      assert.equal(poetry.kind === 'needs' && poetry.prefetch, undefined);
      assert.match(reasonOf('poetry install', { 'pyproject.toml': 'a = { path = "../a" }' }), /folder of the context/);
    });
  });

  it('reads Gemfiles', () => {
    assert.deepEqual(filesOf('bundle install', { Gemfile: 'gem "a"', 'Gemfile.lock': '', 'vendor/cache/a.gem': '' }), [
      'Gemfile',
      'Gemfile.lock',
      'vendor/cache/',
    ]);
    for (const line of ['gemspec', 'gem "a", path: "a"', 'eval_gemfile "x"'])
      reasonOf('bundle install', { Gemfile: line });
    assert.deepEqual(filesOf('bundle install', { Gemfile: '# gemspec\ngem "a"' }), ['Gemfile']);
  });

  it('reads composer.json', () => {
    assert.match(
      reasonOf('composer install', { 'composer.json': '{"repositories":[{"type":"path","url":"x"}]}' }),
      /folder of the context/,
    );
    const scripts = needsOf('composer install -o --no-dev', { 'composer.json': '{}', 'composer.lock': '{}' });
    assert.equal(
      scripts.kind === 'needs' && scripts.prefetch,
      'composer install --no-dev --no-scripts --no-autoloader',
    );
  });

  it('reads go.mod', () => {
    assert.deepEqual(
      filesOf('go mod download', { 'go.mod': 'replace (\n a => ./a\n b => b v1\n)\n', 'go.sum': '', 'a/go.mod': '' }),
      ['go.mod', 'go.sum', 'a/go.mod'],
    );
    assert.match(reasonOf('go mod download', { 'go.mod': 'replace a => ../a\n' }), /outside/);
    assert.match(reasonOf('go mod download', { 'go.mod': '', 'go.work': '' }), /workspace/);
    assert.equal(needsOf('go build', { 'go.mod': 'require a v1', 'vendor/modules.txt': '' }).kind, 'nothing');
  });

  it('declines projects of several modules', () => {
    assert.match(reasonOf('cargo build', { 'Cargo.toml': '[workspace]\n' }), /workspace/);
    assert.match(reasonOf('mvn package', { 'pom.xml': '<modules><module>a</module></modules>' }), /modules/);
    assert.match(reasonOf('gradle build', { 'build.gradle': '', 'settings.gradle': 'include "a"' }), /modules/);
    assert.deepEqual(
      filesOf('gradle build', {
        'build.gradle.kts': '',
        'settings.gradle.kts': '// include("a")',
        'gradle/libs.versions.toml': '',
      }),
      ['build.gradle.kts', 'settings.gradle.kts', 'gradle/'],
    );
  });

  it('follows project references of .NET', () => {
    const files = {
      'A/A.csproj': '<ProjectReference Include="..\\B\\B.fsproj" />',
      'B/B.fsproj': '',
      'C/C.csproj': '',
      'NuGet.config': '',
      'C/Directory.Build.props': '',
    };
    assert.deepEqual(filesOf('dotnet restore A/A.csproj', files), ['A/A.csproj', 'B/B.fsproj', 'NuGet.config']);
    assert.match(
      reasonOf('dotnet restore A/A.csproj', { 'A/A.csproj': '<Import Project="$(X)/y.props" />' }),
      /can’t be told/,
    );
    assert.match(
      reasonOf('dotnet restore A/A.csproj', { 'A/A.csproj': '', 'nuget.config': '<add key="l" value="./packages" />' }),
      /folder of the context/,
    );
  });
});
